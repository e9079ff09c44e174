"""Finnish: what people call things, by tag. `*` stands for any letters, `_` for up to three words."""

from typing import Final

WORDS: Final[dict[str, str]] = {
    "ERASE": """
        poist* | hävit* | tuho* | delet* | deleto* | pyyhk* | pyyhi* | unohtakaa | unohtaisitte | raderata | eliminoi*
        | siivo* | putsa* | pois kaikki | ottakaa pois | ota pois | ottaa pois | ottaisitte pois | nollatkaa |
        katoamaan | häviämään | lakkautta* | saada pois | kadot* | ot* _ pois | ottaa _ pois | ota _ pois | pois _ ot*
        | heitt* _ roskii* | roskiin | heitt* _ pois | hoitak* _ pois | veks | vekki | tyhjentä* | tyhjennä* |
        häviämää* | lopullises* | hävitet* | siivoa*
    """,
    "FORGOTTEN": """
        tulla unohdetuksi | unohdetuksi tule* | unohtakaa minut | unohtaa minut | unohtakaa mut | poistopyyn* |
        tietojen* poisto* | poistovaatimu* | oikeus tulla unohde* | tietojeni poist* | omien tietojen poist* |
        henkilötietojen poist* | asiakastietojen poist* | tilin poist* | käyttäjätilin poist*
    """,
    "DATA": """
        *tieto | *tiedot | *tietoa | *tietoja | *tietojen | *tiedoista | *tiedoissa | *tietoihin | *tietoni | *tiedon
        | *tietojani | *tietojeni | *tiedoistani | *tiedoissani | *tietoihini | *tietoina | *tiedoksi | *tiedosta |
        *tietonne | *tietojaan | *tietonsa | *tietojensa | data | dataa | datan | datat | datani | *dataani | infot |
        info | infoja | tietoi | tietojan | tiedoist | tietojai | tietosi | *rekisteritie* | tiedoille | tiedoilleni |
        tiedoilla | tallenn* | merkinnä* | merkintä* | historiatie* | *historia* | jälkeni
    """,
    "ACCOUNT": """
        tili | tilin | tilini | tiliä | tiliäni | tilit | tilistä | tilistäni | tunnus | tunnukseni | tunnukset |
        *tunnusta* | käyttäjätil* | asiakastil* | asiakkuu* | profiili* | käyttäjä* | asiakaskort*
    """,
    "DATUM": """
        nimi | nimeni | nimeä* | nimen | nimessä* | sukunim* | etunim* | puhelinnumero* | puhelin | puhelimeni | puh*
        numero* | kännyk* | numero | numeroni | numeroa* | numeron | osoite* | osoitt* | kotiosoi* | postiosoi* |
        katuosoi* | sähköpost* | s-post* | spost* | syntymä* | henkilötunnu* | hetu* | valokuva* | kuva | kuvani |
        kuvaa* | kuvan | kuvat | titteli* | ammatti* | sukupuol* | postinumero* | kielivalin* | asiointikiel* |
        äidinkiel* | yhteystie* | tilinumero* | meili* | mailios* | email* | huoltaj* | yhteyshenkil* | katu | kadun |
        katunumero | luottotie* | siviilisää* | kansalaisuu* | talonumero* | porras | kotikun* | lempinim* | allergi*
        | kengänk* | *numero* | *osoite* | *osoitt* | *nimi | *nimeni | *nimen | *nimeä* | *nimessä* | *kuvani |
        *kuvaani | *kuviani | *kuvat | *kuvia | *kuvaa | nimi* | nime* | *tunnus* | *kuva | *kuvan | lapsi* lukumää*
    """,
    "ME": """
        minä | minun | minut | minua | minusta | minulle | minulta | minulla | minuun | mun | mut | mua | musta |
        mulle | multa | mulla | mä | mää | mie | miun | miut | minuu | omat | omia | omien | oman | omaa | itse* |
        itseäni | *tietoni | *tietojani | *tietojeni | *tiedoistani | *tiedoissani | *tietoihini | *tiedoilleni |
        nimeni | nimeäni | *nimeni | *numeroni | *numeroani | *osoitteeni | *osoitettani | *osoitteestani | *postini |
        *postiani | tilini | tiliäni | tilistäni | profiilini | profiiliani | kuvani | kuvaani | dataani | datani |
        tunnukseni | asiakkuuteni | suostumukseni | lupani | *korttiini | *korttini | *kortistani | henkilöllisyyteni
        | syntymäaikani | *tunnuksiani | *tunnuksessani | *tunnustani | *aikani | *kotini | *päiväni | *historiani |
        *osoitteenani | pyynnöstäni | olen | haluan | haluaisin | pyydän | pyytäisin | vaadin | toivon | toivoisin |
        kiellän | vastustan | peruutan | perun | käytän | muutin | voinko | saanko | saisinko | voisinko | tahdon |
        tahtoisin | edellytän | *ani | *oni | *eni | *ini | *uni | *äni | *öni | *yni | must | mul | mult | miule |
        vaihdoin | avioiduin | menin | erosin | olin | tilasin | asioin | huomasin | sain | lopetin | rekisteröidyin |
        annoin | liityin
    """,
    "MYDATA": """
        *tietoni | *tietojani | *tietojeni | *tiedoistani | *tiedoissani | *tietoihini | *tiedoilleni | minusta |
        musta | itsestäni | itseäni | omat *tie* | omia *tie* | omien *tie* | mun *tie* | minun *tie* | minuun | mun
        kaikki *tie* | mun data* | dataani | datani | miusta | omiin *tie* | omista *tie* | must | minust | kaikki
        mitä minusta | tiedot minusta
    """,
    "ASK": """
        pyydän | pyytäisin | pyydämme | pyydetään | pyyntö | pyyntöni | haluan | haluaisin | haluisin | haluun |
        haluamme | vaadin | vaatisin | vaatimu* | toivon | toivoisin | tahdon | tahtoisin | kiitos | voitteko |
        voisitteko | voitko | voisitko | voiko | voisiko | saisinko | saanko | saisko | voisinko | voinko | edellytän
        | kehotan | kehoitan | anon | pitäisi | pitää | olisi hyvä | olkaa | ystävällisesti | voitteks | voisitteks |
        voisiks | saisiks | pystyttekö | pystyisittekö | onnistuuko | onnistuisiko | viittaan | vetoan | vetoon |
        nojalla | perusteella | mukaisesti | voit* | voisi* | tarvitsen | tarvitsisin | ilmoittakaa | kertokaa | kerro
        | kertoisitteko | lähettäkää | lähetä | toimittakaa | hyvä jos | kiva jos | kiltti | oikeuteni | mieluusti |
        saada | täytyy | käytän oikeu* | pyytä* | pyysi | toivoo | haluaa | vaatii | pyydä* | toivot*
    """,
    "NOT": """
        en | ei | emme | ette | eivät | ettei | etteivät | etten | älkää | älä | älkä | enkä | eikä | ilman | ettekä |
        elkää | älkääkä | älkö* | ettet
    """,
    "ABLE": """
        en voi | en pysty | en osaa | en saa | en löydä | en onnistu | ei onnistu | en päässyt | en pääse | ei pysty
    """,
    "STOP": """
        lopeta* | lopett* | lopetet* | seis | seisauttakaa | keskeyt* | loppu* | lakatkaa | lakkaamaan | luopukaa |
        lakata | kielto* | kiellän | kieltä* | kiell*
    """,
    "MKT": """
        *mainos* | *mainont* | *markkinoint* | *markkinoin | *uutiskir* | *tarjous* | *tarjouks* | *kampanj* |
        *newsletter* | *etuviest* | *etupost* | myyntipuhel* | myyntisoit* | puhelinmyyn* | kuukausikir* |
        asiakaskirj* | *asiakasviest* | promo* | mainostus* | tuoteuut* | *messukuts* | kampikset | mailaukset |
        *mainoks* | *mainosp*
    """,
    "SEND": """
        lähett* | lähetä* | lähetel* | tule | tulisi | tulla | tulee | saada | saa | vastaanot* | soit* | tarjo* |
        laitta* | postit* | viesti* | viestej* | halua* | haluu* | kiinnost* | kaipaa | tarvitse*
    """,
    "OFF": "pois | irti | poies",
    "HOWTO": """
        miten voin | miten saan | kuinka voin | kuinka saan | mistä voin | miten pystyn | miten mä | missä voin
    """,
    "LIST": """
        *postituslist* | *listalta | *listoilta* | *listaltanne | *listalle | *listasta | *listastanne | *listoista* |
        lista | listan | *jakelu | *jakelust* | jakelulist* | *jakelulist* | *markkinointirekister* | *postituksi* |
        *postituksesta* | *mainosrekister* | *sähköpostilist* | *tilaajist* | *tilaajaluet* | uutiskirjeen tilaaj* |
        *uutiskirjeistä | *uutiskirjeestä | *uutiskirjeeltä | uutiskirjerekister* | *mainonnasta | *markkinoinnista |
        *listalt
    """,
    "UNSUB": """
        suoramarkkinointikiel* | markkinointikiel* | mainoskiel* | markkinointiesto* | peru* _ uutiskir* | perukaa _
        tilau* | uutiskir* _ perut* | uutiskirj* peruu* | peruuttaa _ uutiskir* | peruuttakaa _ uutiskir* | uutiskir*
        tilauk* loppu* | uutiskir* pois | mainokset pois | mainospost* pois | unsubscribe | mainoskielto* | kiellän _
        *markkinoin* | kiellän _ mainos* | kiellän _ *mainont* | vastustan _ suoramarkkinoin* | kieltää _
        suoramarkkinoin* | vastustan _ markkinoin* | vastusta* _ *markkinoin* | peruuttaisin _ uutiskir* | tilauksen _
        uutiskir* _ peru*
    """,
    "FIX": """
        korja* | korjat* | oikais* | oikaise* | muutta* | muuttakaa | vaihta* | vaihto* | vaihda* | päivit* | korva* |
        muokat* | muutos* | muutosi* | uusikaa | laittakaa oikei* | muutettava | ajan tasalle | korjaisit* | tilalle |
        laittak* _ oikei* | kuntoon
    """,
    "WRONG": """
        väärin | väärä | väärän | väärää | väärät | vääriä | vääräks* | väärässä | virhe | virheel* | virheit* |
        virhet* | pielessä | epätark* | kirjoitusvirhe* | kirjotusvirh* | lyöntivirh* | paikkansapitämät* |
        paikkaansapitä* | ei pidä paikkaansa | ei pidä paikkansa | ei ole oikein | ei oo oikein | ei täsmää | eivät
        täsmää | totta | ei ole enää | oikea on | oikea muoto on | oikein on | pitäisi olla | pitäis olla | pitää olla
        | kuuluu olla | kuuluisi | kuuluu kirjoittaa | kirjoitetaan | kirjoitettu | lukee | eikä | uusi osoite* on |
        uusi numero* on | uusi nimi* on
    """,
    "CHANGED": """
        muuttun* | muuttui | muutti | muuttanut | vaihtun* | vaihtui | vaihdoin | vaihtoi | muutin | uusi | uuteen |
        olen muuttanut | nykyi* | avioidu* | menin naimisiin | avioliit* | entinen | aiempi
    """,
    "ADD": """
        lisätkää | lisätä | lisätk* | lisäisit* | lisäättekö | lisääthän | lisäkää | lisätää | lisättä* | täydent* |
        täydennys* | täydennet* | lisäys* | merkitkää | kirjatkaa | lisää | lisäks kirjat* | täyttäkää | täyttää |
        lisäät* | lisäisi* | lisäisittekö | kirjoittakaa | kirjaisit* | liittäkää
    """,
    "MISSING": """
        puuttu* | puutte* | puuttee* | vajaa | vajaat | vajavai* | vaillinai* | epätäydelli* | tyhjä | tyhjänä | ei
        ole merkit* | ei ole lainkaan | ei ole ollenkaan | ei ole kirjat* | keskenerä* | on jäänyt pois | unohtunut |
        puutu* | jäi ilmoittamatta
    """,
    "COPY": """
        kopio* | jäljenn* | tulost* | listau* | rekisteriot* | otteen | ote | otetta | yhteenve* | kopsu* | raport* |
        koost* | selvity* | selost*
    """,
    "GET": """
        saada | saisin | saisinko | saanko | lähettä* | lähetä | lähettäisit* | toimitta* | toimittakaa | antakaa |
        antaa | anna | saisko | laittakaa | välit* | pistäk* | pistä | pistäisit* | laita | laittak* | laittaisit* |
        meilatkaa | maila* | postit* | luovuttakaa
    """,
    "SEE": """
        tarkast* | tarkistaa | tarkista | tarkistaisin | nähdä | nähtäv* | näkisin | näyttä* | näytä* | tutustu* |
        katsoa | tietää | tiedon siitä | kertokaa | kerro | kertoisit* | kertoa | ilmoitta* | ilmoittakaa | pääsy* |
        päästä | pääsisin | tarkastusoik* | selvit* | kattoa | lukea | luettelo* | luetella* | vahvist* | paljast* |
        eritellä
    """,
    "WHAT": """
        mitä | mitkä | mitäs | mitähän | minkälai* | millai* | mikä | mitenkä | onko | mihin | miksi | miten | kuinka
        | mitkähän | mistä kaikesta | mitä kaikkea
    """,
    "HOLD": """
        tiedätte | tiedät | tiedetään | keränn* | tallent* | tallen* | säilyt* | pidät* | käsittel* | rekisteröi* |
        talles* | kerää* | teillä | teidän | olette | rekister* | järjestelm* | löyty* | *kannassa* | kerät* |
        omistat* | olemassa | tieonne | hallussa* | arkisto* | kirjan* | säilöt* | kerry* | asiakasrekister* | teil |
        kerty* | teille | tallella
    """,
    "ABOUTME": """
        minusta | musta | itsestäni | minua koskev* | mua koskev* | minuun liitty* | miusta | meikäläisestä | omat
        *tie* | *tietojani | *tietoni | *tietojeni | omien *tie* | omia *tie* | omiin *tie* | *tietoihini |
        *tiedoistani | mun *tie* | minun *tie* | minulta | nimelläni | omista tiedo* | must | minust
    """,
    "SOURCE": """
        mistä | mistäs | keneltä | mistäköhän | miltä taholta | mitä kautta | miten | lähde | lähteen | lähteestä |
        alkuper* | mistähän | tietolähde* | kuinka
    """,
    "GOT": """
        saitte | saaneet | saanut | saatu | olette saan* | hankit* | hankki* | ostit* | ostan* | peräisin | päätyn* |
        tulleet | joutun* | löysit* | löytän* | on teillä | teillä on | olette löyt* | poimi* | kerän* | tullu* |
        päätyi
    """,
    "WHO": """
        kenelle | kelle | keille | kenen | ketkä | kenellä | kuka | mille | millä | minne | mihin | kolmansille |
        kenenkä | vastaanotta*
    """,
    "SHARE": """
        luovut* | jaet* | jaat* | jakan* | anta* | myy* | myyn* | välit* | siirr* | siirt* | toimitet* | kerto* |
        nähny* | näkee | pääs* | lähett* | annettu | annoitte | kerrottu | katsel* | jaettu | saaneet | päät* | jaatte
        | näkevät
    """,
    "USE": "käyttä* | käytet* | käyte* | käytä* | käytt* | käsittel* | hyödyn* | hyödynt*",
    "UNTIL": """
        kunnes | ennen kuin | ennenkuin | sillä aikaa | siksi aikaa | toistaiseksi | ajaksi | selvityksen aja* |
        kiista* | sen aikaa | niin kauan | siihen asti | siihen saakka | tarkistuksen aja* | käsittelyn aja* |
        tutkinnan aja* | odottaessa | jäihin | hetkeksi | tauolle | väliaikai* | tilapäi* | siksi kunnes | vasta kun |
        sillä välin | selvittelyn aj* | selvitetty | selvitätte
    """,
    "RESTRICT": """
        rajoita* | rajoitt* | rajoitu* | rajotta* | rajoitet* | jäädyt* | lukit* | jäihin | käsittelyn rajoit* |
        rajata | rajatkaa | pakkanen | pakasta* | telakalle | käyttökiel*
    """,
    "KEEP": """
        säilyttä* | säilytt* | pitäkää | jättäkää | talletta* | tallessa | arkistoi* | pitää tallessa | säästäkää |
        älkää poistako
    """,
    "CLAIM": """
        oikeusvaat* | oikeude* | oikeusjut* | riita* | kanne | kantee* | vakuutusyht* | todist* | käräj* | reklamaat*
        | oikeudenkäyn* | lakimie* | asianaja* | kuluttajariit* | vahingonkorv* | poliisi* | näyttö* | riidan |
        kiistan
    """,
    "OBJECT": """
        vastustan | vastustaa | vastustamis* | vastustus* | vastustaisin | en hyväksy | en suostu | kiellän | kiellä*
        | vastustakin | vastustamme
    """,
    "PROFILE": """
        profiloi* | profiloin* | seurat* | seurannan | seurantaa | seuranta* | analys* | analyso* | analyti* |
        tilasto* | kohdent* | automaattis* päät* | automaattisen päät* | pisteyt* | pisteyttä* | luokitte* | tutkimu*
        | evästei* | algoritm* | ostokäyttäyty* | asiakastutkim* | kehittämis* | tuotekehity* | paikann* |
        sijaintitie* | suositte* | tekoäly* | segmentoi* | koneoppi* | kouluttam* | *profiil* | *profil* | seuraatte |
        seuraatteko | seurata | seuraamis* | seurataan | tarkkail* | valvo* | kartoit*
    """,
    "INTEREST": """
        oikeutet* edu* | oikeutettu etu* | oikeutettuun etuun | henkilökohtai* tilante* | erityi* tilante* |
        elämäntilante* | tilanteeni | turvakiel*
    """,
    "CONSENT": """
        suostum* | luvan | lupa | lupani | lupaa | luvat | lupaani | luvasta* | hyväksyn* | hyväksyntä* | valtuut* |
        myöntymy* | suosutm*
    """,
    "WITHDRAW": """
        peruut* | perun | peru | perua | perut* | perua* | peruisin | peruutta* | vedän | vetää | takaisin | poistan |
        kumoa* | pois | ei ole enää voimassa | ei ole voimassa | eivät ole voimassa | ei enää voimassa | lakkaa* |
        peruuttaminen | irtisanon | kumotkaa | päätty* | mitätöi* | perumi* | ottaa takaisin | otan takaisin |
        vedetään | pyörrän | raukea*
    """,
    "GIVE": "anna | annan | antanut | myönnä | suostu | antamani | ole antanut | annettua | hyväksy",
    "FORMAT": """
        *koneluet* | csv* | json* | xml* | excel* | tiedostona | *tiedostomuod* | koneellise* luet* | jäsennel* |
        *siirtomuod* | siirrettäv* muod* | yleisesti käytet* | luettavissa muod* | koneella luet* | konekiel* |
        *siirtotiedost* | vietyn* | exportti* | csv-*
    """,
    "MOVE": """
        siirtä* | siirrä* | siirto* | siirty* | siirrettä* | vaihda* palv* | vaihdan | viedä | vien | mukaan | mukaani
        | siirr* | muut* toise*
    """,
    "PROVIDER": """
        toise* palvelu* | uude* palvelu* | toise* yrity* | toise* rekister* | uude* toimitta* | toise* toimitta* |
        uudelle | toiselle | kilpail* | toiseen | uuteen | palveluntarj* | palveluntuot* | toiseen järjestelm* |
        operaattor* | uutta toimittaj* | muualle
    """,
    "PORT": """
        siirrettävyy* | tietojen siirto* | siirto-oike* | tietojen siirtämi* | siirtää tietoni | siirtäkää tietoni |
        tietojeni siirt* | siirtää *tietojani | siirtämis* toise* | siirtäkää *tietojani | siirtää omat *tie* |
        siirtää mun *tie* | omien tietojen* siir*
    """,
    "ACCESSNAME": """
        tarkastuspyyn* | tietopyyn* | rekisteriot* | tarkastusoikeu* | oikeus tarkast* | omien tietojen tarkast* |
        tietojen tarkastus* | tietojeni tarkast* | oikeu* saada pääsy | oikeus päästä | tiedonsaantioik* |
        tietojentarkast* | sar-pyyn* | dsar* | omatietopyyn* | gdpr-pyyn*
    """,
    "RECTNAME": """
        oikaisupyyn* | oikaisuvaatimu* | tietojen oikais* | tietojeni oikais* | yhteystietojen päivity* |
        osoitteenmuuto* | tietojen korja*
    """,
    "SECOND": """
        tietosi | tietojesi | tietojasi | tiedoistasi | asiakkaasi | asiakkaidesi | asiakkaidenne | rekisteröidy* |
        asiakkaanne | asiakkaat | tilisi | tiliäsi | salasanasi | käyttäjä voi | asiakas voi | jokai* | voit | sinulla
        | sinun | kuluttaj* | yrityksesi | asiakkaillenne | *tietosi | *tietojasi | *tietojesi | *tilisi | pakettisi |
        *osoitteesi | *numerosi | *korttisi | pakettiasi | laskusi | jos asiakas | kun asiakas | asiakas pyytää |
        asiakas haluaa | asiakas vaatii | rekisteröity pyytää | jos joku
    """,
    "THIRD": """
        hänen | hänet | häntä | häneen | hänestä | hänelle | tietonsa | tietojaan | tietojensa | asiakkaamme |
        asiakkaani | heidän
    """,
    "COMPANY": """
        oy | oyn | oy:n | oyj* | ky | ky:n | tmi | tmi:n | ry | ry:n | yrity* | yhtiö* | firma* | toimini* | toimiala*
        | y-tunnu* | verkkolasku* | laskutusosoi* | ovt* | yritystie* | yhdisty* | osakeyht* | alv-numer* | yritykse*
        | liiketoimin* | laskutustie* | *tilinumeromme
    """,
    "WE": "*mme | me | meidän | meille | meiltä | meillä | olemme",
    "SUPPORT": """
        verkkotunnu* | domain* | dns* | nimipalvel* | salasana* | laatikko* | postilaatik* | sähköpostilaat* |
        ip-osoi* | sertifika* | ssl* | tuote | tuotet* | tuottee* | tilauks* | tilaus | tilausta | sivusto* | sivu |
        sivun | sivulla | sivulle | kotisivu* | verkkosivu* | tiedosto* | varmuuskop* | palvelin* | tietokanta* |
        laskun | lasku | laskua | laskut | laskulla | kuitti* | sopimu* | kansio* | viestit | häiriö* | wordpress* |
        lisäos* | välilehti* | toimitus* | paket* | verkkokaup* | ohjelm* | tulosti* | laskulle | varaus* | varauks* |
        aukioloai*
    """,
    "PAST": """
        pyysin | pyytänyt | pyysitte | lähetin | lähettämäni | tein | tekemäni | esitin | jätin | jättämäni | vaadin
        jo | kysyin | olen pyytänyt | olen jo pyyt* | oon pyytän*
    """,
    "REMIND": """
        muistut* | ei ole vastat* | ette ole vastan* | en ole saanut | en oo saanu | milloin saan | koska saan | missä
        vaihee* | miten etenee | vieläkään | kuukau* kulu* | määräai* | odottanut | odotan | ei kuulunut | mikä on
        tilanne | pyyntöni tilanne | onko pyyn* | kauanko | vastausta
    """,
    "CANCEL": """
        peruutan pyyn* | perun pyyn* | perua pyyn* | vedän pyyn* | peruuttaa pyyn* | pyyn* voi* perua | pyynnön peru*
        | pyyntöni peru* | ei tarvitse enää | ei tarvitsekaan | en haluakaan | pyyntö* takaisin | unohtakaa pyyn* |
        jättää sikseen | raukea | tietopyynnön peru*
    """,
    "GDPR": """
        gdpr* | tietosuoja* | henkilötie* | rekisterinpit* | rekisteröidyn oikeu* | yleisen tietosuoja-aset* |
        tietosuojavaltuut*
    """,
    "ALL": "kaikki | kaiken | kaikkea | kaikista | kaikkien | kaikesta | kaiket | kaikkii | kokonaan",
    "SELF": "en | enkä | etten | emme | emmekä",
    "PRON": """
        se | sen | ne | niitä | sitä | niiden | sellai* | tämä | tämän | tätä | nämä | näitä | noi | toi | tuo |
        sitten | niistä | siitä | sinne | siihen | niihin | ne kaikki
    """,
    "TRIED": "yrittän* | yritin | yritän | koitin | kokeil* | yritit* | koittan*",
    "BROKEN": """
        ei toimi | ei lähde | ei aukea | ei avaudu | ei lataudu | hidas | kaatuu | jumit* | virheilmoit* | rikki |
        häiriö* | ei tule perille | ei näy | ei mene läpi | ei käynnisty | ei synkkaa | ei synkron* | ei yhdisty | ei
        vastaa
    """,
    "ANSWER": """
        tässä | ohessa | liitteenä | liitteessä | liitän | henkilöllisyy* | asiakasnumeroni | kyllä | vahvistan |
        pyytämän*
    """,
    "WISH": "haluan | haluaisin | pyydän | pyytäisin | vaadin | haluun | tahdon | tahtoisin",
    "NOUSE": "käyttämättä | käsittelemättä | hyödyntämättä | koskematta",
    "NOTINT": """
        ei kiitos | ei kiinnosta | en ole kiinnostunut | en oo kiinnostunu | ei jatkossa | ei enää | riittää | pois
        kiitos
    """,
    "THIRDDATA": """
        hänestä | häntä koskev* | hänen *tie* | hänen tilin* | hänet | häneen liitty* | äitini *tie* | isäni *tie* |
        lapseni *tie* | poikani *tie* | tyttäreni *tie* | päämieheni *tie* | päämiestäni koskev* | puolisoni *tie* |
        vaimoni *tie* | mieheni *tie*
    """,
    "MEOBJ": "minut | mut | minua | mua | meikäläisen | meidät",
    "FORM": "muodossa | muotoon | formaat*",
    "JUNK": "spämm* | spam* | roskapost*",
    "OLD": "vanhentun* | vanha | vanhan | vanhat | entinen | entiset",
}
