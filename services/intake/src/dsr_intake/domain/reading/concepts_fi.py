"""Finnish stems of the concepts that the statistical model knows; same notation as the word tables."""

from typing import Final

CONCEPTS: Final[dict[str, str]] = {
    "destroy": """
        poist* | poistoon | havit* | hävit* | hävii* | hävi* | tuho* | silpu* | silppu* | repi* | repikää |
        revi* | polt* | roskiin | roskikse* | roskakori* | unohd* | unohta* | deletoi* | siivo* | siivoa* |
        putsa* | pyyhk* | pyyhi* | tyhjen* | nollaa* | nolla* | kato* | katoa* | hukatkaa | mitätöi* |
        anonymisoi* | raaka* | lakaista | lopettakaa tili | sulkekaa tili* | purkakaa | tykkänään | vetää yli
        | yliviiv* | heittä* | hyvästi | lakkautt* | lopull* | jäljett* | jälkeä* | jälkiä | jälkeäkään |
        kaikesta eroon | eroon
    """,
    "away": "pois | veke | irti | ulos | eroon | lähteä | lähtee | lähtekööt | lähtemään | häipy* | häivy*",
    "show": """
        näyttä* | näytä* | nähdä | nähtävä* | näkisin | katso* | kats* | tarkast* | tarkist* | lukea |
        luettava* | kuulla | kuunnel* | tutust* | selvit* | selvitt* | kerro* | kerto* | listat* | luetel* |
        eritel* | toimitt* | toimita* | lähett* | saada | saisin | saisinko | saanko | pyytäisin | haluaisin |
        utelia* | kiinnosta* | tiedustel* | tietää | ilmoit*
    """,
    "copy": """
        kopio* | jäljennö* | ote | otteen | tuloste* | tulost* | listaus* | lista siitä | yhteenve* | raport*
        | tallenteen | nauhoit* | äänit* | litteroin* | omatietopyyn* | tietopyyn* | tarkastuspyyn* |
        tarkastusoike*
    """,
    "question": """
        mitä | mikä | mitkä | millai* | minkä* | miten | miksi | onko | löytyykö | oletteko | kuinka | montako
    """,
    "stored": """
        tallen* | tallessa | rekister* | kirjat* | kirja* | merkit* | merkin* | säily* | arkist* | tiedosto* |
        hallu* | kerän* | keräät* | kerätt* | tiedätte | tiedetään | minusta | musta | itsestäni | omat tie* |
        olette kirjo* | järjestelm* | kannassa | tietokan* | kortilla* | kortissa* | asiakaskort* | papereis*
        | kansio*
    """,
    "source": """
        mistä | keneltä | kuka _ antoi | kuka _ anta* | mistä _ saa* | lähde | lähteen | alkuperä* | peräisin
        | ostitte | ostanut | hankit* | hankki* | kaivoi* | salainen | ikinä ollut | koskaan anta*
    """,
    "recipient": """
        kenelle | kenellä | keille | kuka on | ketkä | kolman* | osapuol* | kumppan* | luovut* | jaet* |
        jaoit* | jakan* | myyty | myitte | myynyt | välit* | vuotan* | eteenpäin | lukeneet | nähneet |
        katsonut | alihankk*
    """,
    "correct": """
        korja* | korjaa* | oikais* | oikaise* | muut* | muuta* | vaih* | vaihta* | päivit* | tilalle | oikea*
        | oikein | pitää olla | pitäisi olla | kuuluu olla | kuuluu | eikä | vaan | uusi | uuden | uuteen |
        nykyi* | nykyään | muutin | muutti* | menin naimi* | naimis* | ero | avioero* | sukunime* |
        kirjoittakaa _ oikein | täsment*
    """,
    "wrong": """
        väär* | virhe* | virheel* | kirjoitusvirh* | pielessä | pieleen | päin mäntyä | päin prinkkalaa | ei
        pidä paikkaansa | perätön | perättö* | valhe* | sotke* | sekoit* | sekaannu* | typo | moka* | vanha |
        vanhen* | vanhaa | entinen | entise* | paikkansapitämä* | harhaanjoht* | hutiin | lukee vielä |
        luulette | en ole
    """,
    "value": """
        nimi | nime* | etunim* | sukunim* | osoite* | osoit* | katu* | numero* | puhelin* | puhelinnum* |
        sähköpost* | syntymä* | hetu* | ikä | ikäni | titteli* | ammat* | kieli | äidinkiel* | postinum* |
        kunta | ovikood* | porras* | asunto* | talonum* | tilinum* | päivämäär* | sukupuol* | merkin* |
        huomautu* | allerg* | huoltaja*
    """,
    "missing": """
        puuttu* | puuttee* | puute* | uupu* | tyhj* | vajaa* | vajava* | vaillina* | jäänyt pois | jäi pois |
        ei ole siellä | ei näy | pelkkä | vain puolet | puolikas | unohtun* | lainkaan | kesken* | lyhen* |
        katken*
    """,
    "add": """
        lisä* | lisää* | lisät* | täyden* | täydentä* | täytt* | liittä* | liittäk* | pankaa | laittakaa |
        laitat* | merkitkää | kirjatkaa | lisukkee* | myös | mukaan | sinne | oheen | rinnalle | lisukke*
    """,
    "freeze": """
        jäädyt* | rajoit* | lukit* | lukko* | jäihin | jäissä | tauolle | tauko* | hyllyt* | keskeyt* |
        koskeko* | kosketa* | koskematt* | kajot* | käyttökiel* | pysäyt* | odott* | pitäkää tallessa | seis |
        pannassa
    """,
    "until": """
        kunnes | siihen asti | sillä aikaa | sillä välin | sinä aikana | ennen kuin | ajan | ajaksi |
        toistaiseksi | selvit* | kesken | ratkais* | tutkitt* | vireillä | väliaika* | niin kauan
    """,
    "dispute": """
        riita* | riitaut* | oikeude* | oikeuteen | käräj* | kuluttajariit* | kuluttajansuoj* | asianaj* |
        lakimie* | juttu* | vakuutus* | vakuutusyht* | korvau* | todist* | näyttönä | näytö* | reklama* |
        valit* | poliisi* | kiist* | vaatim* | perintä* | tapatur*
    """,
    "keep": """
        säilyt* | säilö* | pitäkää | jäädä | jääkö* | jättäk* | tallella | älkää poist* | ei saa poist* | ei
        poist*
    """,
    "oppose": """
        vastust* | vastaan | en hyväksy | en salli | kiellän | kiellä* | kielt* | en halua | en tahdo | en
        suostu | ei käy | paheksu* | protest* | en pidä | lakatkaa | lopett* | lopet* | älkää | en suvaitse |
        en ole antanut lupaa
    """,
    "profiling": """
        profil* | pistey* | pistet* | pisteet | luokit* | segment* | seura* | vakoil* | urki* | urkint* |
        analys* | ennust* | kohdenta* | kohdenn* | algoritm* | tekoäly* | koneoppi* | mallinn* | tilasto* |
        tutkimu* | arvio* | mittaa* | evästee* | sijainti* | paikann* | luottotie* | luottoluok* | automaat*
        päät* | automaatti* | oikeutet* etu* | julkais* | näkyvi* | hymiö* | käyttäyty* | ostokäyt* | ostojen
        | klikkail* | testiryhm* | vertail*
    """,
    "consent": """
        suostum* | suostuin | suostu* | lupa | luvan | lupani | lupaa | lupasin | annoin | hyväksyin | rastit*
        | ruksa* | ruksi* | kuvauslup* | allekirjoit* | sallin | myönsin | kyllä | sanoin joo | valtuut*
    """,
    "revoke": """
        peru* | perun | peruut* | takaisin | vedän | ei ole enää | ei enää | en enää | ei voimassa | raukea* |
        lakka* | päätty* | irtisan* | kumoa* | pyörsin | muutin mieleni | kadu* | kaduttaa
    """,
    "advert": """
        mainos* | mainon* | mainost* | markkin* | uutiskir* | tarjou* | kampanj* | esit* | esite* | katalog* |
        kuvasto* | lehti* | roskapost* | spämm* | spam* | suoramark* | puhelinmyyn* | myyntipuhel* | myyjä* |
        kaup* | kauppaa* | kaupit* | tekstar* | jakelu* | postituslist* | listalt* | listoil* | kuukausikir* |
        joulukort* | banner* | promo* | ilmaisnäyt* | asiakaslehti* | alennuskoo* | soittel* | soitta* |
        soittaa
    """,
    "enough": """
        riittä* | riitt* | saa riittää | loppu* | lopp* | lakkaa* | seis | tarpeeksi | kyllästy* | väsy* |
        älkää | ei enää | ei kiinnosta | ei tarvitse | en tarvitse | ei kiitos | säästäk* | viimeinen |
        viimeiseksi | tukk* | pursua*
    """,
    "move": """
        siirt* | siirrä* | siirto* | viedä | vien | vienti* | mukaan* | vaihdan | vaihtam* | muutan | muuttaa
        | exportoi* | luovut* _ toiselle | suoraan
    """,
    "provider": """
        kilpail* | toiselle yrity* | toiseen palvelu* | toinen palvelu* | toisen palvelu* | uudelle | uuteen
        palvelu* | uusi toimittaja | naapuri* firm* | toisaalle | toiselle | operaattori* | palveluntarj*
    """,
    "format": """
        csv* | json* | xml* | excel* | taulukko* | zip* | zippi* | mbox* | vcard* | konelu* | koneellis* |
        tiedostomuo* | tiedostona | rakenteis* | jäsennel* | tietokoneel* | luettavassa | muodossa | ladata |
        tuoda | avoin formaat*
    """,
    "remind": """
        vieläkään | odot* | odott* | ei ole kuulu* | ei kuulu | kuulu* | ei ole vastat* | vastausta | vastata
        | milloin | millo | koska | muistut* | viikko* | kuukausi sitten | luvan* | lupas* | luvattu | menikö
        | meniköhän | perille | kuittau* | missä vaiheessa | tilanne | etene* | edisty* | myöhäs* | määräaika*
        | karhu* | pyynnös* | pyynnö* | pyysin | lähetin | laitoin
    """,
    "thanks": """
        kiitos | kiitok* | kiitän | kiiti* | sain | saapui | tuli perille | tulivat | kunnossa | selvä |
        selväksi | kuittaan | hyvä näin | voitte sulkea | lopettaa _ pyyn* | sulkekaa asia | hienoa | loistav*
        | mainiota | avautui
    """,
    "proof": """
        henkilölli* | henkkar* | passi* | ajokort* | tunnist* | vahvist* | pyysitte | kysyitte | pyydet* |
        tässä | ohessa | liitteenä | asiakasnum* | koodi | salasana* | allekirj* | valtakir* | kuten toivo*
    """,
    "cancel": """
        perun pyyn* | perun pyyntöni | peruutan pyyn* | unohtakaa | antaa olla | ei tarvitsekaan | en
        tarvitsekaan | rauennu* | pyynnön voi | tarpeeton* | muutin mieleni | jatkankin | sopuun | turha* | en
        sittenkään | ei sittenkään
    """,
    "leak": """
        vuot* | vuod* | murt* | murret* | varast* | varkau* | hakker* | kaapat* | kaapp* | kadon* | katosi |
        hävisi | hukk* | hukas* | unohdin | unohtui | jäi junaan | ryöst* | kiristys* | haitta* | virus* |
        bitcoin* | lunnas* | väärälle | väärään | vahingossa | epähuomio* | sivulli* | ulkopuol* | tunkeut* |
        luvat* | luvaton* | tietoturva* | loukkau* | läppär* | kannettava* | työkone* | muistitik* |
        roskiksessa | lokist* | lokeis* | kirjaudu* | kirjautu*
    """,
    "others": """
        toisen | toisten | muiden | muitten | muitakin | jonkun | vieraan | vierai* | tuntemat* | naapuri* |
        kaikkien | joku muu | ihan eri | eri ihmi* | asiakkaiden | asiakkaitten | sadan | satojen | kymmenien
        | toisia | muut asiak* | asiakaslista* | jäsenten | potilai* | oppilai* | työntekijö* | hakijoi* |
        osallistuj* | kaiken kansan
    """,
    "visible": """
        näky* | näen | näin | näki* | näkee | näkyvissä | avoin | avoimena | auki | julki* | google* | googl*
        | hakukon* | kuka tahansa | kaikki näke* | ilman salas* | pääse* | pääsi* | löyty* | löysin | aukesi |
        linkin | linkki* | cc | vastaanottaj* | levi* | jaossa | kansiossa
    """,
    "trade": """
        palvelin* | palvelime* | serveri* | domain* | verkkotunn* | nettisiv* | kotisiv* | sivusto* | sivuil*
        | etusiv* | tulost* | skanneri* | toner* | musteka* | kaseti* | näyttö* | reitit* | laajakaist* |
        nettiyht* | liittym* | lasku* | laskun | lasku | toimitu* | tilauk* | tilaus* | hinta* | hinno* |
        hinnat | maksaa | maksu* | varmuuskop* | ohjelm* | päivitys* | asennu* | asenta* | vika | vikaa |
        kaatu* | jumi* | hidas* | toimi | toimii | sähköpostilaat* | postilaat* | sopimu* | tarjouspyyn* |
        ajuri* | virheilmoit* | takuu* | webhotel* | ssl* | varaus* | kassa*
    """,
    "selling": """
        tarjoamme | ratkaisu* | yrityksellenne | yrityksenne | asiakkaanne | tapaami* | esittel* | ilmai*
        kokeil* | säästä* | kasvat* | näkyvyyt* | rekrytoin* | webin* | seminaa* | messuil* | yhteistyö* |
        palvelumme | veloitukset*
    """,
    "job": """
        työhake* | työpaik* | kesätyö* | töihin | harjoittel* | cv | hakemus* | ansioluet* | työnhak* |
        haastattel*
    """,
    "general": """
        yleensä | yleisesti | yleinen | teoree* | teorias* | laki | lain | lakia | vaatiiko | pitääkö |
        tarvitseeko | saako | asiakkaamme | asiakkaidemme | asiakkaillemme | jäsenrekist* | yhdistyk* |
        yrityksemme | firmamme | kurssi* | gradu* | opiskel* | seloste | tietosuojaselost* | käsittelysopim* |
        alikäsit* | henkilötietojen käsittelijä* | auditoin* | ohjelmaanne | ohjelmistonne
    """,
    "fraud": """
        huijau* | huijar* | kalastel* | phishing* | perintö* | miljoon* | pankin | verottaj* | posti-* |
        klikkaa*
    """,
    "authority": """
        tietosuojavaltuut* | valtuut* toimist* | viranomai* | kantel* | diaari* | asianro | traficom* |
        poliisi*
    """,
    "family": """
        äiti* | äidin | isä* | isän | poika* | poikan* | tytär* | tyttär* | lapse* | lasten | vaimo* | mies |
        miehe* | puoliso* | mummo* | isoäi* | ukki* | vaari* | veli | velje* | sisko* | edunvalv* | huoltaj* |
        päämie* | anoppi* | appi* | avopuol* | kuoli | kuollu* | edesmenn* | vainaja* | puolesta | isälle |
        äidille
    """,
    "mayremain": """
        saa tulla | saavat tulla | saa jäädä | saa pitää | saatte pitää | saatte lähet* | ei tarvitse poist* |
        ei haittaa | pysyy
    """,
    "me": """
        minä | mä | mun | mut | mua | minut | minun | minulle | mulle | minua | minusta | musta | meikäläi* |
        itse
    """,
    "picture": """
        kuva | kuvat | kuvan | kuvani | valokuv* | video* | tallen* | nauhoit* | puhelu* | ääni* | haastat* |
        lausun*
    """,
}
