"""Words that tell the kind of a mail rather than a right, by language and tag; same notation as the other tables."""

from typing import Final

from dsr_shared.contracts.words import Language

KIND_WORDS: Final[dict[Language, dict[str, str]]] = {
    "fi": {
        "MYRIGHTS": "oikeuksiani | oikeuksistani | oikeuksieni | rekisteröidyn oikeuksia",
        "BREACH": """
            tietovuo* | tietomurt* | tietoturvaloukk* | tietoturvapoikk* | vuotan* | vuotaa | vuotaneet | vuodet* |
            vuoto* | vuodo* | hakkeroi* | murtaut* | murrettu | kaapat* | kaappa* | tietoturva-aukk* | haavoittuv* |
            pimeä* verko* | tor-verko* | varastet* | anastet* | joutun* vääriin käsiin | vääriin käsiin | kirjautunut
            tililleni | kirjaudu* _ tililleni | ulkopuoli* _ pääs* | sivulli* _ pääs* | väärälle henkilö* | väärälle
            vastaanotta* | väärälle ihmi* | väärälle asiakk* | väärään osoitteeseen | väärälle | väärille | kaikkien
            nähtävi* | julkisesti | tietoturvaongelm* | tietosuojaloukk* | tietosuojapoikk* | loukkausilmoitu* | joku
            on kirjautun* | kirjauduttu | viety | julkinen | julkisena | julkisesti saatavilla | kenen tahansa |
            ulkopuolis* | kirjautunut sisään | kadonnut kannettava | muistitik* | ilman salasanaa | epäilyttävä
            kirjautumi* | outo kirjautumi* | tietojen kalaste* | joku on käyttänyt | joku käytti | nimissäni |
            tietämättäni | joku muu on | kaapattu | joku on tilannut | tunnuksillani
        """,
        "OTHERS": """
            jonkun | jonkun toisen | toisen asiakkaan | toisen ihmisen | toisen henkilön | muiden | muitten | toisten
            | vieraan | tuntemattoman | naapurin* | väärän henkilön | muun asiakkaan | muiden asiakkaiden | ei kuulu
            minulle | ei kuulu mulle | eivät kuulu minulle | eri henkilön | ihan toisen | jonku | jonkun muun |
            toiselle | toiselle asiakkaalle | vieraiden | kaikkien | asiakkaiden nimi* | asiakkaiden osoit* |
            asiakkaiden tie* | asiakkaidenne | asiakaslista* | muita asiakkaita | muiden käyttäj* | kaikkien
            vastaanottaj* | väärän ihmisen | väärän asiakkaan | eri ihmisen | jota en tunne | en tunne | vieraan
            ihmisen | tuntematon
        """,
        "EXPOSED": """
            sain | saimme | tuli | tulleet | tullut | näen | näin | näkyy | näky* | nähdä | nähtävissä | avautu* |
            aukes* | pääsin | pääsee | lähetitte | lähettäneet | lähetetty | mennyt | meni | menevät | meneekö |
            löysin | löyty* | vastaanot* | toimitettu | liitteenä | hakutulo* | googl*
        """,
        "THINGS": """
            lasku* | tilausvahvist* | tilaus* | sopimu* | palkkalask* | palkkatie* | potilas* | kuitt* | viesti* |
            kirje* | liite* | asiakaslista* | tiedosto* | lomak* | raport* | cc-kent* | vastaanottajaken*
        """,
        "SALES": """
            tarjoamme | tarjoaa | hinnat alkaen | maksuton kokeilu | ilmainen kokeilu | kokeile | esittely* | demo |
            varaa aika | varaa esittely | asiakkaidenne | asiakkaillenne | webinaar* | säästä | alennus* | ratkaisu* |
            auttaa yrityks* | autamme | palvelumme | tuotteemme | kokeilujakso* | ota yhteyttä myyn* | tutustu palvel*
            | koulutus* | €/kk | euroa kuukau* | pyydä tarjous | ilmoittaudu
        """,
        "PHISH": """
            vahvista tilisi | vahvista tietosi | klikkaa | napsauta | kirjaudu sisään | tilisi suljetaan | tilisi
            lukitaan | salasanasi vanhen* | postilaatikkosi | 24 tunnin | kiintiö* | maksu epäonnistui | päivitä
            maksutie* | välittömästi alla
        """,
        "AUTOSUBJECT": """
            automaattinen vastaus | automaattivastaus | autom vastaus | poissaoloilmoitus | poissa toimistolta | olen
            lomalla | lomavastaus | lomalla
        """,
        "AUTOBODY": """
            olen lomalla | olen poissa | en ole tavoitettavissa | palaan töihin | palaan | viestisi on vastaanotettu |
            tämä on automaattinen | vuosilomalla | virkavapaalla | luen viestini
        """,
        "BEHALF": """
            puolesta | puolestaan | edunvalvoja* | edunvalvonta* | valtakirja* | valtuutet* | valtuutuks* | huoltaja*
            | asiamies* | asiamiehe* | päämie* | lapseni | poikani | poikaani | tyttäreni | tytärtäni | äitini |
            äitiäni | isäni | isääni | vaimoni | vaimoani | mieheni | miestäni | puolisoni | puolisoani | isoäitini |
            mummoni | isoisäni | vaarini | sisareni | siskoni | veljeni | edesmenn* | kuolinpes* | asianaja* |
            päämiehe* | lasteni | alaikäi* | anoppini | appeni | äidin | isän | isoäidin | mummon | ystäväni |
            naapurini | setäni | tätini | avopuolisoni | vanhempani | lapsenlapse* | kummi* | tuettavan* | edustan* |
            edustaa
        """,
        "ARRANGED": """
            selvitys* | selvityspyyn* | kantelu* | valvonta* | diaarinumer* | dnro | ratkaisu* | määräaikaan mennessä
            | kuulemi*
        """,
    },
    "sv": {
        "MYRIGHTS": "mina rättigheter",
        "BREACH": """
            dataintrång* | personuppgiftsincident* | dataläck* | läck* | läckt | läckage* | hackad* | hackat* |
            hackare | intrång* | kapad* | kapat* | stulna | stulen | stulit | stöld | obehörig* | incident* |
            säkerhetshål* | säkerhetsbrist* | sårbarhet* | fel person* | fel mottagar* | fel adress* | fel kund* |
            darknet | dark web | i orätta händer | orätta händer | loggat in på mitt | öppet på nätet | offentligt |
            på avvägar | spridits | säkerhetsproblem* | dataskyddsincident* | utan lösenord | vem som helst | loggat
            in på | loggats in | borttappad* | inloggning* som inte | usb-minne* | någon har använt | utan min vetskap
            | i mitt namn | någon har loggat | någon har beställt | kapats
        """,
        "OTHERS": """
            någon annans | någon annan | en annan kund* | andra kunder* | andras | annan person* | en annan |
            främmande | okänd* | någon som heter | inte mina | inte till mig | alla mottagare | allas | andra
            personers | en annans | grannens | fel kunds | kundlista* | kundernas | andra mottagare | andra användare*
            | andra kundernas | inte känner | okänd person | fel persons | någon jag
        """,
        "EXPOSED": """
            fick | fått | ser | såg | syns | synlig* | kunde se | kan se | visas | visades | öppnades | kom till |
            skickade | skickat | hamnat | hittade | tagit emot | kommit åt | bifogad* | låg | ligger
        """,
        "THINGS": """
            faktur* | orderbekräft* | beställning* | avtal* | lönebesked* | löneuppgift* | patient* | kvitto* |
            meddelande* | brev* | bilaga* | kundlista* | fil | filen | filer | formulär* | mejl* | rapport* | cc-fält*
            | kopiefält*
        """,
        "SALES": """
            vi erbjuder | erbjuder | från endast | gratis provperiod* | prova gratis | kostnadsfri* | boka en demo |
            demo | boka | webbinar* | rabatt* | lösning* | era kunder | era kunders | hjälper företag* | vår tjänst |
            våra tjänster | vår plattform | kr/mån* | euro i månaden | anmäl er | utbildning* | spara tid
        """,
        "PHISH": """
            verifiera ditt | bekräfta ditt konto | bekräfta dina uppgifter | klicka | logga in här | ditt konto stängs
            | ditt konto spärras | ditt lösenord | din brevlåda | inom 24 timmar | uppdatera dina betal* | betalningen
            misslyckades
        """,
        "AUTOSUBJECT": "autosvar | automatiskt svar | frånvaro* | frånvarande | inte på kontoret | semester",
        "AUTOBODY": """
            jag är tillbaka | är på semester | semester | jag är inte på kontoret | inte anträffbar | automatiskt svar
            | detta är ett automatiskt | föräldraledig | tjänstledig | ditt meddelande har tagits emot | vi har tagit
            emot ditt
        """,
        "BEHALF": """
            för min mors räkning | för min fars räkning | räkning | vägnar | god man | gode man | förvaltare |
            förmyndare | vårdnadshavare | intressebevakare* | ombud | fullmakt* | huvudman* | min mamma* | min mor |
            min mors | min moder | min pappa* | min far | min fars | min son | min sons | min dotter* | mitt barn |
            mina barn | mina barns | min fru | min frus | min man | min mans | min hustru* | min make | min makes |
            min maka* | min klient* | min farmor* | min mormor* | min farfar* | min morfar* | min syster* | min bror*
            | dödsbo* | avlidn* | minderårig* | min sambo* | mitt barns | svärmor* | svärfar* | företräder |
            representerar
        """,
        "ARRANGED": "tillsynsärende* | begär utredning | klagomål* | diarienummer* | dnr | beslut* | utlåtande*",
    },
    "en": {
        "MYRIGHTS": "my rights | my data rights | my gdpr rights",
        "BREACH": """
            data breach* | breach* | leak* | leaked | hacked | hacker* | hacking | compromised | exposed | dark web |
            intrusion | stolen | unauthori?ed | unauthorised | unauthorized | security hole | vulnerab* | wrong person
            | wrong recipient* | wrong customer* | wrong address | wrong hands | logged into my | logged in to my |
            broke into | publicly | security incident* | data incident* | wrong inbox | ransomware | have i been pwned
            | haveibeenpwned | without a password | without password | anyone can | lost laptop | found a laptop | usb
            stick | not me logging | someone logged | someone has logged | wasn't me | was not me | used by somebody |
            used by someone | someone used | somebody used | someone else used | accessed by | by a stranger | without
            my knowledge | phished | taken over | took over my | hijacked
        """,
        "OTHERS": """
            someone else's | someone else’s | somebody else's | someone else | another customer* | another person* |
            other customers* | other people* | other person* | other users* | a stranger* | different person* | not
            mine | isn't mine | does not belong | not addressed to me | not me | not for me | unknown person |
            everyone's | all recipients | other clients* | another user* | complete stranger* | other customer* |
            another client* | customer list* | customers list | list of customers | your customers details | other
            customer | other subscribers | other members | other recipients | someone i don't know | people i don't
            know | person i don't know | do not know | i've never heard of | unknown
        """,
        "EXPOSED": """
            received | got | see | saw | seeing | shows | showed | showing | shown | visible | could see | can see |
            opened | sent me | sent to | came to | found | find | displayed | attached | appear* | open to | able to
            view | looking at | contained | indexed | opens | could open | can open | could read | can read
        """,
        "THINGS": """
            invoice* | order confirmation* | order* | contract* | payslip* | salar* | patient* | receipt* | message* |
            letter* | attachment* | customer list* | file* | form* | email* | report* | cc field* | statement* |
            passwords | spreadsheet*
        """,
        "SALES": """
            we offer | free trial | book a demo | demo | schedule a call | from eur | a month | per month | webinar* |
            discount* | our solution* | our platform | our service* | your customers | your business | your team |
            your company | sign up | pricing | offers | roi | helps companies | helps teams | save time | limited time
            | 15 minutes | quick call | register now | free audit
        """,
        "PHISH": """
            verify your | confirm your account | confirm your identity | click here | click the link | click below |
            click on | log in here | will be suspended | will be closed | will be deactivated | your password | your
            mailbox | within 24 hours | update your payment | payment failed | storage full | quota
        """,
        "AUTOSUBJECT": """
            automatic reply | auto reply | autoreply | auto-reply | out of office | out of the office | on vacation |
            on leave | away from
        """,
        "AUTOBODY": """
            out of the office | out of office | on annual leave | on vacation | on holiday | i will be back | back on
            | limited access to email | automatic reply | automated response | automatically generated | we have
            received your message | parental leave | maternity leave
        """,
        "BEHALF": """
            on behalf | behalf of | guardian* | power of attorney | trustee | my client* | my son* | my daughter* | my
            child* | my children* | my mother* | my father* | my mum* | my mom* | my dad* | my wife* | my husband* |
            my partner's | my spouse* | my grandmother* | my grandfather* | my late | deceased | executor | estate of
            | legal representative | my grandson* | my sister* | my brother* | my aunt* | my uncle* | my parents* |
            authorised representative | authorized agent | solicitor for | acting for | i represent | minor | my ward
            | my principal | my mother-in-law*
        """,
        "ARRANGED": "our inquiry | complaint* | case number | reg no | supervisory | inspection | decision*",
    },
}
