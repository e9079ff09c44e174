"""Swedish: what people call things, by tag. `*` stands for any letters, `_` for up to three words."""

from typing import Final

WORDS: Final[dict[str, str]] = {
    "ERASE": """
        rader* | ta _ bort | tar _ bort | tas _ bort | tag _ bort | tagit _ bort | tagna _ bort | borttag* | stryk* |
        utplån* | förstör* | delet* | glöm* | avlägsn* | slopa* | släng* | rensa* | makuler* | plocka _ bort | plockar
        _ bort | sudda* | bort med | få _ bort | eliminer* | fimpa* | nolla* | kasta* | ta bort | ur ert register | ur
        era register | ur ert kundregister | raderas
    """,
    "FORGOTTEN": """
        bli bortglömd | rätten att bli glömd | bli glömd | glöm mig | glömma mig | raderingsbegäran | begäran om
        radering | radering av | rätt till radering | raderingsförfråg* | bortglömd
    """,
    "DATA": """
        *uppgift* | data | datan | info | information* | persondata* | upplysning* | registret | register | allt ni
        har | allt om mig | allting om mig | anteckning* | historik* | *historiken | kunddata* | dem | uppgfter* |
        kunduppgif* | allt
    """,
    "ACCOUNT": """
        konto | kontot | mitt konto | *kontot | *konto | profil* | användarkont* | kundkont* | kundförhåll* | inlogg*
        | användar*
    """,
    "DATUM": """
        namn* | *namn | *namnet | efternamn* | förnamn* | telefon* | mobil* | nummer | numret | *nummer | *numret |
        adress* | *adress | *adressen | e-post* | epost* | mejl* | mail* | födelse* | person*nummer* | foto* | bild |
        bilden | bilder | titel* | yrke* | kön | språk* | postnummer* | kontaktuppg* | civilstånd* | gatan | gata |
        gatuadr* | vårdnadshav* | hemort* | kontaktperson* | kontonummer* | smeknamn* | allergi* | *adress* | *nummer*
        | *bild* | *foto*
    """,
    "ME": "jag | mig | mej | min | mitt | mina | minna | själv | undertecknad",
    "MYDATA": """
        mina _ *uppgift* | mina _ data | min _ data | min _ information | om mig | mitt konto | min profil | mina data
        | mina person* | min person* | rörande mig | mina _ upplysning* | mitt register* | mina _ *info*
    """,
    "ASK": """
        ber | be | begär | begära | begäran | vill | vill ha | ville | skulle vilja | önskar | önskan | önskemål |
        kräver | krav | snälla | vänligen | tack | kan ni | kan du | kunde ni | kunde du | skulle ni | kunna | kan man
        | kan jag | får jag | var god* | vänlig* | hoppas | uppmanar | yrkar | åberop* | hänvis* | enligt | stöd av |
        med stöd | behöver | måste | ska ni | bör | går det | är det möjlig* | meddela | skicka | berätta | anhåll* |
        rätt att | kunde man | borde | tacksam* | ber om | vill att | ni ska
    """,
    "NOT": "inte | ej | icke | inga | ingen | inget | aldrig | utan att | slippa",
    "ABLE": "kan inte själv | lyckas inte | kan jag inte | hittar inte | går inte att | kan inte",
    "STOP": "sluta* | stopp* | upphör* | avbryt* | avsluta* | förbjud* | låt bli | avstå* | slut",
    "MKT": """
        *reklam* | *marknadsför* | *nyhetsbrev* | *erbjudand* | *kampanj* | *utskick* | direktreklam* | säljsamtal* |
        telefonförsälj* | kundbrev* | newsletter* | *annons* | massutskick* | promo* | månadsbrev* | säljmejl* |
        reklammejl* | mässinbjud*
    """,
    "SEND": """
        skicka* | få | får | mejla* | maila* | ring* | motta* | ta emot | kontakta* | vill | intress* | bombarder* |
        postar | komma
    """,
    "OFF": "bort | ur | från | av",
    "HOWTO": "hur gör jag | hur kan jag | hur får jag | var kan jag",
    "LIST": """
        *lista | *listan | *listor | *listorna | sändlist* | mejllist* | maillist* | utskickslist* | *prenumerant* |
        utskicken | mailinglist* | utskick | *nyhetsbrevet | nyhetsbrevslist* | reklamregist* | marknadsföringsregist*
        | direktreklamregist* | marknadsföringslist* | utskickslistor*
    """,
    "UNSUB": """
        avprenumer* | avregistrer* | avbeställ* | avanmäl* | säga upp _ nyhetsbrev* | säger upp _ nyhetsbrev* |
        unsubscribe | reklamspärr* | direktmarknadsföringsförbud* | spärra _ reklam* | reklamförbud* | avböj* _
        reklam* | avsäg* _ reklam* | avsäg* _ nyhetsbrev* | avsäg* mig | invänder mot _ *marknadsför* | motsätter mig
        _ *marknadsför* | motsätter mig _ reklam* | förbjuder _ *marknadsför* | marknadsföringsförbud* | invänd* _
        direktmarknadsf* | reklam nej | nej till reklam* | tacka nej till | tackar nej till | undanbe*
    """,
    "FIX": """
        rätta* | korriger* | ändra* | uppdater* | byt | byta | byter | bytas | rättelse* | justera* | ersätt* | fixa*
        | ändring* | skriv _ rätt | rätt till | ändras | ändrade | rättar | ordna | i stället | skriv in rätt | ändrad
    """,
    "WRONG": """
        fel | felet | felaktig* | fel stav* | felstav* | felskriv* | stavfel* | skrivfel* | inkorrekt* | stämmer inte
        | stämmer ej | inte korrekt | inte rätt | ska vara | skall vara | ska det vara | det ska stå | rätt är | rätta
        är | rätt adress är | korrekt är | borde vara | stavas | heter | inte längre aktuell* | osann* | missvis* |
        står det | står fortfarande
    """,
    "CHANGED": """
        flyttat | flyttade | bytt | bytte | ändrats | ändrat | ny | nytt | nya | numera | gift mig | gifte mig |
        nuvarande | har ny | skilde mig
    """,
    "ADD": """
        lägg* till | lägg _ till | lägga _ till | lägger _ till | läggs till | tillägg* | tillfog* | komplett* |
        kompletter* | fyll i | fylla i | fyll på | för in | registrera även | skriv in | föra in | foga till | lägg in
        | lägga in | skriv _ till | ange | lägg också till | lägger ni till | skriva in
    """,
    "MISSING": """
        saknas | saknar | fattas | ofullständig* | tom | tomt | bristfällig* | fattade | inkomplett* | glömts bort |
        ej ifyllt | inte ifylld* | är tomma
    """,
    "COPY": """
        kopi* | registerutdrag* | utdrag* | utskrift* | sammanställning* | avskrift* | lista över | översikt* |
        förteckning*
    """,
    "GET": "få | få ut | skicka* | skickar | sänd* | ha | ge | ger | lämna | överlämn* | beställ* | till mig | mejla",
    "SEE": """
        se | granska* | ta del | tar del | veta | titta | kontrollera* | insyn | tillgång | läsa | visa* | berätta* |
        meddela* | uppge | besked | redogör* | upplys* | bekräft* | redovis* | tala om | ta reda
    """,
    "WHAT": "vad | vilka | vilken | vilket | om ni | hurdan* | varför | hur | huruvida | någon* | några | finns det",
    "HOLD": """
        har | sparat | sparar | sparad* | lagrat | lagrar | lagras | lagrad* | samlat | samlar | registrerat |
        registrerad* | behandla* | behandlar | vet | finns | sitter på | innehar | register | förvarar | bevarar |
        hanterar | noterat | arkiverat
    """,
    "ABOUTME": """
        om mig | om mej | rörande mig | mina _ *uppgift* | mina _ data | min _ data | min _ information | kopplat till
        mig | mina person* | min person | mitt namn | på mig | mina köp | min _ profil | mitt konto
    """,
    "SOURCE": "varifrån | var | vart | från vem | hur | källa* | källan | ursprung* | av vem | ifrån",
    "GOT": """
        fått | fick | kommit | kommer | hittat | hittade | köpt | köpte | hämtat | skaffat | fått tag | tag på |
        erhöll* | erhållit | hamnat | härstamm*
    """,
    "WHO": """
        vem | vilka | till vem | tredje part* | åt vem | mottagar* | vilket företag | vilka företag | vem som | någon
        annan | andra företag | utomstående
    """,
    "SHARE": """
        lämnat | lämnas | lämnar | delat | delar | delas | sålt | säljer | gett | ger | vidare | utlämn* | skickat |
        skickas | överfört | spridit | förmedlat | sett | tillgång | fått | lämnats
    """,
    "USE": "använd* | behandl* | utnyttj* | hanter* | nyttja* | rör inte",
    "UNTIL": """
        tills | förrän | innan | under tiden | så länge | medan | tillfällig* | tvist* | utreder | utredning* |
        tillsvidare | tills vidare | pågår | på paus | pausa* | bestrid*
    """,
    "RESTRICT": "begräns* | frys* | spärr* | lås* | pausa* | restriktion* | inskränk* | stoppa behandl*",
    "KEEP": """
        behåll* | spara* | bevara* | sparas | radera inte | inte radera | ha kvar | förvara* | ta inte bort | inte ta
        bort | ligga kvar
    """,
    "CLAIM": """
        rättslig* anspråk* | anspråk* | domstol* | tvist* | rättegång* | reklamation* | försäkringsbolag* | bevis* |
        stämning* | advokat* | rättsprocess* | polis* | skadestånd*
    """,
    "OBJECT": """
        invänd* | motsätt* | protester* | opponer* | inte med på | går inte med på | godkänner inte | accepterar inte
        | bestrider att | invändning* | samtycker inte
    """,
    "PROFILE": """
        profiler* | spår* | analys* | statistik* | automatis* beslut* | kartlägg* | följ* | poängsätt* | riktad* |
        segmenter* | forskning* | kundundersök* | köpbeteende* | algoritm* | produktutveckl* | platsdata* |
        positioner* | cookies | kak* | övervak* | ai-* | maskininlärning* | träna* | kreditbedöm*
    """,
    "INTEREST": """
        berättigat intresse* | berättigade intresse* | intresseavvägning* | särskilda situation* | min situation* |
        personlig* situation* | skyddade person* | spärrmark*
    """,
    "CONSENT": "samtyck* | medgiv* | tillstånd* | godkännand* | tillåtels* | lov | samtycke* | fullmakten",
    "WITHDRAW": """
        återkall* | återta* | återtog | drar _ tillbaka | dra _ tillbaka | ta _ tillbaka | tar _ tillbaka | tas
        tillbaka | upphäv* | tillbakadra* | gäller inte | gäller inte längre | inte längre | återkallelse* | annuller*
        | drar in | säger upp | upphör
    """,
    "GIVE": "ger | gett | ge | gav | lämnat",
    "FORMAT": """
        *maskinläs* | csv* | json* | xml* | excel* | strukturer* | allmänt använ* | filformat* | datafil* | exportfil*
        | i en fil | läsa in | importera* | exporter* | elektroniskt format | en fil | filform | datorläs*
    """,
    "MOVE": """
        flytta* | överför* | föra över | för över | byter | byta | portera* | ta med | tar med | medföra | skicka
        vidare | vidare
    """,
    "PROVIDER": """
        annan leverant* | ny leverant* | nya leverant* | annat företag* | annan tjänst* | nytt bolag | annan operatör*
        | ny tjänst* | leverantör* | konkurrent* | ny operatör* | annan personuppgiftsansvarig* | tjänsteleverant* |
        tjänst | nya | annan
    """,
    "PORT": """
        dataportabilitet* | portabilitet* | flytta mina _ *uppgift* | överföra mina _ *uppgift* | överför mina _
        *uppgift* | flytta mina data | överföring av mina | flytt av mina
    """,
    "ACCESSNAME": """
        registerutdrag* | begäran om tillgång | rätt till tillgång | rätt till insyn | insynsrätt* | tillgång till
        mina | få ut mina | tillgångsbegäran | begäran om insyn | utdrag ur | registeruppgifter | granska mina
    """,
    "RECTNAME": """
        begäran om rättelse | rättelse av | rättelsebegäran | adressändring* | namnbyte* | adressförändring* | ändrade
        kontakt*
    """,
    "SECOND": """
        dina _ *uppgift* | era kunder* | kunder kan | kunden kan | du kan | du har | din data | dina data | ditt konto
        | ditt lösenord | era kunders | registrerade kan | kunderna | dina kunder | en kund begär | en kund vill | när
        en kund | om en kund | en registrerad
    """,
    "THIRD": "hans | hennes | henne | honom | sina _ *uppgift* | deras | kundens | kunders",
    "COMPANY": """
        ab | ab:s | ab:n | oy | företag* | bolag* | firma* | förening* | fo-nummer* | e-faktur* | faktureringsadress*
        | fakturaadress* | organisationsnum* | bransch* | rf | momsnummer* | faktureringsuppgift* | nätfaktur*
    """,
    "WE": "vi | vår | vårt | våra | oss",
    "SUPPORT": """
        domän* | lösenord* | dns* | mejlbox* | brevlåd* | postlåd* | sidan | webbsid* | hemsid* | webbplats* | faktura
        | fakturan | fakturor | beställning* | order* | produkt* | leverans* | certifikat* | ssl* | server* | backup*
        | säkerhetskop* | filer | mapp* | avtal* | webbshop* | nätbutik* | ip-adress* | databas* | program* | skrivar*
        | bokning*
    """,
    "PAST": "bad | begärde | begärt | bett | skickade | skickat in | frågade | har redan skickat | har redan bett",
    "REMIND": """
        påminn* | inte fått svar | inget svar | inte svarat | när får jag | när kan jag | hur går det | fortfarande
        inte | hur långt | status | väntat | väntar | hört något | tidsfrist* | svar på min
    """,
    "CANCEL": """
        drar tillbaka min begäran | återkallar min begäran | återtar min begäran | ta tillbaka min begäran | tar
        tillbaka min begäran | glöm min begäran | behövs inte längre | behöver inte längre | ångrat mig | ångrar mig |
        dra tillbaka min begäran | avbryt* ärende*
    """,
    "GDPR": """
        gdpr* | dataskydd* | personuppgift* | personuppgiftsansvar* | dataskyddsförord* | dataombudsman* |
        registrerades rätt*
    """,
    "ALL": "allt | alla | all | allting | samtliga | hela",
    "SELF": "jag",
    "PRON": "det | den | dem | dessa | detta | denna | dom | sådant | allting",
    "TRIED": "försökt | försökte | försöker | prövat | provat",
    "BROKEN": """
        fungerar inte | funkar inte | fungerar ej | långsam* | kraschar | felmeddelande* | trasig* | ligger nere | går
        inte att öppna | kommer inte fram | hänger sig | laddas inte | störning* | synkar inte
    """,
    "ANSWER": """
        här är | här kommer | bifogar | bifogat | bilagan | mitt kundnummer | kundnumret | legitim* | bekräftar | ja
    """,
    "WISH": "vill ha | begär* | ber | ber om | önskar | vill",
    "NOTINT": "nej tack | inte intresserad | ointresserad | inga mer | räcker nu | inte fler",
    "NOUSE": "använd* inte | inte använd* | utan att använd* | inte behandl*",
    "THIRDDATA": """
        om honom | om henne | hans _ uppgift* | hennes _ uppgift* | hans _ konto | hennes _ konto | hans data | hennes
        data | rör honom | rör henne | min mors uppgifter | min fars uppgifter | min sons uppgifter | min dotters
        uppgifter | om dem | om min mor | om min far | om min son | om min dotter | om barnet | deras uppgifter
    """,
    "MEOBJ": "mig | mej",
    "FORM": "format | form | fil",
    "JUNK": "spam* | skräppost*",
    "OLD": "gammal | gammalt | gamla | föråldr* | inaktuell*",
}
