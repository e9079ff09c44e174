"""Swedish stems of the concepts that the statistical model knows; same notation as the word tables."""

from typing import Final

CONCEPTS: Final[dict[str, str]] = {
    "destroy": """
        rader* | ta bort | tar bort | tas bort | bort med | bort | plocka bort | utplån* | förstör* | makuler*
        | strimla* | bränn* | släng* | kasta* | glöm* | glömma | sudda* | stryk* | stryka | struken | töm |
        tömma | städa* | rensa* | gallra* | utgallr* | avlägsn* | försvinn* | förint* | avsluta* _ konto* |
        stäng* _ konto* | deleta* | anonymiser* | papperskorg* | tuggar* | spårlöst | slopa*
    """,
    "away": "bort | ur | av | undan | borta | väck | lämna",
    "show": """
        visa* | se | läsa | ta del | granska* | lyssna* | höra | titta | berätta* | tala om | redogör* |
        redovis* | lista* | räkna upp | skicka | skicka* | sänd* | få | lämna ut | lämna* | erhålla | nyfiken*
        | veta | undrar | upplys* | intresserad av | önskar | kontrollera*
    """,
    "copy": """
        kopi* | utdrag* | registerutdrag* | utskrift* | avskrift* | lista* | översikt* | sammanställ* |
        förteckn* | inspeln* | dossier* | handling* | korrespond*
    """,
    "question": "vad | vilka | vilken | vilket | hur | varför | finns | har ni | sitter ni | vet ni | vem",
    "stored": """
        sparat | spara* | sparad* | lagra* | register* | registrer* | anteck* | antecknat | noter* | står om |
        skrivit | skrivet | om mig | på mig | arkiv* | samlat | samla* | mapp* | pärm* | kundkort* | databas*
        | system* | vet om | uppgifter | upplysning* | papper | finns kvar | ligger kvar | data
    """,
    "source": """
        varifrån | var har ni | var fick | vem har gett | vem gav | källa* | ursprung* | köpt | hittat | fått
        tag | kommit över | hemligt | aldrig gett | aldrig berätt* | aldrig varit | ifrån
    """,
    "recipient": """
        till vem | vem som | vilka som | tredje* | delat | delats | lämnat ut | lämnats | sålt | sålts |
        vidare | partner* | spritt* | spridits | underleverant* | utomstående | tagit del | läst | sett
    """,
    "correct": """
        rätta* | korriger* | ändra* | byt | byta | bytt | bytte | uppdater* | ska vara | skall vara | heter |
        inte | utan | ist | i stället | istället | rätt | riktig* | ny adress* | nya | nytt | flytt* | gift* |
        skild* | skilsmäss* | stavas | skriv om | skrivs om | skriva rätt | justera* | åtgärda*
    """,
    "wrong": """
        fel | felaktig* | felstav* | felskriv* | stämmer inte | osann* | osant | falsk* | förväxl* | blanda*
        ihop | blandar | gammal* | gamla | föråldr* | tokig* | galet | stavfel* | missvisan* | inte sant |
        tidigare | före detta | påstår | påståend* | misstag*
    """,
    "value": """
        namn* | förnamn* | efternamn* | mellannamn* | adress* | gata* | gatu* | nummer* | telefon* | numret |
        mejl* | e-post* | födelse* | personnummer* | ålder* | titel* | yrke* | språk* | modersmål* |
        postnummer* | hemort* | portkod* | våning* | trappa* | lägenhet* | kontonum* | datum* | kön* |
        anteckning* | allerg* | vårdnadshav*
    """,
    "missing": """
        saknas | saknar | fattas | fattades | tom | tomt | tomma | gapar | halva | ofullst* | utelämn* |
        bristfäll* | glömt | glömts | inte med | finns inte | bara | lyser med | blank* | kapade | avhugg* |
        ensidig* | int våning*
    """,
    "add": """
        lägg till | lägg* | lägga | fyll* | fyll i | komplett* | för in | förs in | föra in | skriv in | skriv
        dit | tillägg* | tillfog* | stoppa* in | ta med | tas in | bifoga* | sätt* in | sätt dit | också |
        klistra* | få med | inför*
    """,
    "freeze": """
        frys* | begräns* | spärr* | lås | låsa* | låst | pausa* | paus | på is | rör inte | röra | orörd* |
        inte röra | lägg* på hyllan | vänta med | stoppa* | avvakta* | stilla | sätt stopp
    """,
    "until": """
        tills | till dess | innan | medan | under tiden | så länge | förrän | tillsvidare | tills vidare |
        avgjord* | utred* | pågår | pågående | klart | löst | fram till | före det
    """,
    "dispute": """
        tvist* | domstol* | tingsrätt* | rätten | rättegång* | advokat* | jurist* | reklamation* | konsument*
        | försäkring* | skadestånd* | bevis* | bestrid* | anspråk* | krav | polis* | process* | inkasso* |
        stämma* | stämning*
    """,
    "keep": """
        behåll* | spara* | bevara* | förvara* | kvar | gallra inte | radera inte | inte radera* | får inte
        gallra*
    """,
    "oppose": """
        motsätt* | invänd* | emot | protest* | går inte med | godtar inte | accepterar inte | vägrar |
        tillåter inte | förbjud* | vill inte | opponer* | inte okej | inte ok | slippa | sluta* | upphör* |
        låt bli | undanber*
    """,
    "profiling": """
        profil* | poäng* | segment* | spår* | följ* | kartlägg* | analys* | förutsäg* | prognos* | algoritm* |
        ai | ai-* | automati* | statistik* | forskning* | undersök* | beräkn* | riktad* | rikta | beteend* |
        kundsegment* | målgrupp* | övervak* | snok* | logga* | loggn* | positioner* | kaka* | cookies* |
        kredit* | intresseavväg* | berättigat | publicer* | jämför* | klassificer* | personlighetst* |
        diagnosdat* | delar in
    """,
    "consent": """
        samtyck* | medgiv* | tillstånd* | lov | ja | sa ja | sade ja | gick med på | godkänt | godkände |
        godkänn* | kryss* | bockade* | tillät | underskrift* | skrev på | skrev under | ställde upp | gav |
        lovade
    """,
    "revoke": """
        återkall* | återta* | tillbaka | drar in | dra in | upphäv* | inte längre | gäller inte | annuller* |
        ångrar | ångrat | avslut* | säger upp | upphör* | slut med | ogiltig*
    """,
    "advert": """
        reklam* | *reklam | marknadsför* | nyhetsbrev* | erbjud* | kampanj* | katalog* | broschyr* | utskick*
        | säljare* | sälj* | säljsamtal* | telefonförsälj* | försäljar* | annons* | spam* | skräppost* | sms*
        | flygblad* | kundtidn* | direktreklam* | rabattkod* | bombard* | ringa | ringer | ring* inte | lista
        | listan | listor | mejllist* | prenumer* | sändlist* | tips | inbjud*
    """,
    "enough": """
        sluta* | slut | stopp* | räcker | nog | trött | less | aldrig mer | inte mer | inga fler | inget mer |
        inga mer | slipp* | avbeställ* | avregistr* | avprenum* | nej tack | sista | behöver inte | skona* |
        ointresserad* | upphör* | hädanefter | bespara*
    """,
    "move": """
        flytta* | flyttar | flytt | överför* | föra över | för över | exporter* | ta med mig | ta med | tar
        med | byter | byta | skicka vidare | införsel* | packa* ihop | med mig | direkt till
    """,
    "provider": """
        konkurrent* | leverantör* | annat bolag | annat företag* | annan tjänst* | nya bolag* | ny operatör* |
        nytt bolag | nya stället | ny telefonbolag | andra sidan | ett annat system | operatör*
    """,
    "format": """
        csv* | json* | xml* | excel* | kalkyl* | zip* | mbox* | vcard* | maskinläs* | filformat* | fil | filen
        | filer | strukturer* | format* | datorläs* | dator* | importer* | ladda upp | läsa in | öppet
    """,
    "remind": """
        väntar | väntat | inte hört | hört av | inget svar | svar | svarat | när | påminn* | veckor | månad
        sedan | lovade | lovat | kom fram | kommit fram | hur går det | status | hur långt | fortfarande |
        dröjer | ännu | begäran | förfrågan | skickade | bad er | ärende* | försen*
    """,
    "thanks": """
        tack | tackar | stort tack | kom fram | fick | mottog* | anlände | klart | allt bra | ordnade sig |
        löste sig | avsluta ärende* | stäng ärende* | toppen | utmärkt | fint | perfekt | nöjd* | bekräftar |
        hjärtligt
    """,
    "proof": """
        legitim* | pass | passet | körkort* | id-kort* | identi* | bekräft* | bad om | frågade | efterfrågad*
        | här är | här kommer | bifogat | bifogad* | bilaga* | kundnummer* | kod | lösenord* | fullmakt* | som
        ni bad
    """,
    "cancel": """
        drar tillbaka min begäran | återtar min begäran | glöm min | glöm det | glöm saken | behövs inte
        längre | behöver inte längre | ångrat mig | ångrar mig | ändrat mig | inte aktuell* | låt det vara |
        strunta i | inte nödvänd*
    """,
    "leak": """
        läck* | stul* | stöld* | inbrott* | hack* | kapa* | intrång* | borttapp* | tappa* | tappat | glömde |
        kvarglömd* | förlorat | borta | utpressn* | virus* | bitcoin* | lösensum* | obehör* | fel person | fel
        mottagar* | fel adress | av misstag | misstag* | incident* | säkerhet* | dator | datorn | laptop* |
        usb* | minne* | mobilen | kapats | inlogg* | loggat in | kommit åt | på avvägar | sårbar* | nätfisk*
    """,
    "others": """
        andras | någon annans | en annan | annan kund* | andra kund* | andra | grannens | främmande | okänd* |
        allas | alla mottagar* | kunders | kundernas | kundregist* | medlemmar* | patient* | elever* |
        anställd* | sökande* | deltagar* | hushåll | någon jag inte | inte min | inte mitt | inte mina |
        hundratals | tiotals | tusen
    """,
    "visible": """
        syns | synlig* | ser | såg | sett | kunde se | kan se | visas | visade | öppen | öppet | öppna |
        offentlig* | google* | googla* | vem som helst | utan lösen* | kom åt | kommer åt | hittade | länk* |
        kopia | mottagarfält* | cc | på nätet | publikt | delad*
    """,
    "trade": """
        server* | domän* | webbsida* | hemsida* | webbplats* | webbhotell* | sidan | skrivar* | skanner* |
        toner* | bläck* | skärm* | router* | bredband* | abonnemang* | faktur* | leverans* | beställ* | pris*
        | offert* | kostar | betal* | säkerhetskop* | backup* | program* | uppdatering* | install* | krång* |
        krasch* | hänger | långsam* | fungerar | funkar | brevlåda* | postlåda* | e-postlåd* | avtal* |
        drivrutin* | felmeddel* | garanti* | ssl* | bokning* | kontrollpanel* | kassa*
    """,
    "selling": """
        vi erbjuder | lösning* | ert företag | era kunder | möte* | demo* | gratis* | spara pengar | öka* |
        synlighet* | rekryter* | webbinar* | mässa* | samarbet* | vår tjänst | våra tjänster | kostnadsfri*
    """,
    "job": "jobb* | sommarjobb* | jobbansök* | ansök* | praktik* | cv | anställ* | intervju* | rekryter* | tjänsten",
    "general": """
        allmänt | generellt | i allmänhet | teoret* | lag | lagen | kräver lagen | måste man | behöver jag |
        får man | våra kunder | våra medlemmar | vår förening | medlemsregister* | vårt företag | vår firma |
        kurs* | uppsats* | studer* | policy* | integritetspolicy* | biträdesavtal* | underbiträd* |
        personuppgiftsbiträd* | revision* | ert program
    """,
    "fraud": "bedräg* | bluff* | nätfisk* | phishing* | arv | miljon* | banken* | skattever* | klicka* | lotteri*",
    "authority": "dataombuds* | tillsynsmynd* | myndighet* | klagomål* | diarienum* | dnr | polisen",
    "family": """
        mamma* | mor | mors | pappa* | far | fars | son | sons | dotter* | barn* | fru | frus | man | mans |
        make* | maka* | farmor* | mormor* | farfar* | morfar* | bror* | syster* | god man | vårdnad* |
        huvudman* | svärm* | svärf* | sambo* | dog | avliden* | avled | dödsbo* | vägnar | räkning | fullmakt*
    """,
    "mayremain": """
        får gärna | kan ni behålla | får komma | får ni behålla | behöver inte tas | inget behöver tas | duger
    """,
    "me": "jag | mig | mej | min | mitt | mina | själv | undertecknad",
    "picture": """
        bild | bilden | bilder | bilderna | foto* | film* | video* | inspel* | samtal* | röst* | intervju* |
        uttal*
    """,
}
