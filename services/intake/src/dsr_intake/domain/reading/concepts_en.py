"""English stems of the concepts that the statistical model knows; same notation as the word tables."""

from typing import Final

CONCEPTS: Final[dict[str, str]] = {
    "destroy": """
        delet* | eras* | remov* | destroy* | wipe* | wiping | purge* | shred* | burn* | bin it | bin them |
        scrub* | expung* | forget* | forgotten | get rid | rid of | throw away | throw out | trash* | strike |
        struck | clear out | clean out | vanish* | disappear* | gone | dispose* | discard* | drop | eliminat*
        | obliterat* | close my account | close down | terminate* | taken out | take out | take down | dump* |
        cleanse* | anonymi* | cease to exist | no trace
    """,
    "away": "off | out | away | rid | gone | from your",
    "show": """
        show* | see | read | look at | view | inspect* | hear | listen* | tell | tell me | explain* | disclos*
        | list | provide* | give me | send me | let me have | let me know | obtain* | receive | get | know |
        curious | wonder* | find out | interested in | check what | reveal* | supply | spell out | itemi*
    """,
    "copy": """
        copy | copies | printout* | print-out* | transcript* | extract* | summary | dossier* | file on me |
        sar | dsar | subject access | full list | report | recording* | statement* | records
    """,
    "question": "what | which | how | why | do you | have you | whether | anything | who | where",
    "stored": """
        stor* | hold | held | holding | keep on | kept on | on file | files | file | record* | regist* |
        database* | noted | notes | wrote down | written | written down | logged | collect* | gather* | about
        me | on me | archive* | system* | process* | have on | got on | know about | details | data |
        information | entry | entries | card
    """,
    "source": """
        where did | where you | where have | who gave | who told | how did you | source* | origin* | came from
        | come from | obtained from | bought | purchased | got hold | got my | never gave | never given |
        never been | ex-directory
    """,
    "recipient": """
        to whom | with whom | who else | who has | whom | third part* | shared | share | sharing | sold |
        passed | passed on | handed | handed to | partner* | recipient* | disclosed | subcontract* | who read
        | who saw | who looked
    """,
    "correct": """
        correct* | fix* | amend* | chang* | updat* | rectif* | should be | should read | ought to be | it's |
        not | instead | rather than | replac* | right | proper* | adjust* | edit* | put right | set right |
        new | now | moved | married | divorced | spelt | spelled | is now | alter*
    """,
    "wrong": """
        wrong* | incorrect* | mistake* | error* | misspel* | typo* | inaccurate* | false* | untrue | outdated
        | out of date | old | former | mix* up | mixed | confus* | not true | never said | no longer | isn't |
        misleading | blunder* | erroneous* | garbled | mangled
    """,
    "value": """
        name* | surname* | address* | street* | number* | phone* | mobile | email* | e-mail* | birth* | dob |
        age | title* | occupation* | language* | postcode* | zip code* | town | door code* | flat | apartment*
        | account number* | date | gender | pronoun* | initial | note | notes | allerg* | guardian* | contact
        | area code* | fax* | mr | mrs | ms
    """,
    "missing": """
        missing | lack* | absent | blank | empty | incomplete | left out | leaves out | omit* | not there |
        isn't there | nothing there | only half | never been put | not entered | no door | forgot* | without
        my | partial | lacks | there's no
    """,
    "add": """
        add | adding | added | put in | put down | insert* | fill* | append* | attach* | complet* | include* |
        supplement* | enter | write there | note down | also | extend | put that | beside it | in addition
    """,
    "freeze": """
        freez* | frozen | restrict* | lock* | paus* | on hold | hold off | suspend* | on ice | don't touch |
        not touch | hands off | stop using | stop processing | block* | limit* | leave it alone | leave them
        alone | park* | halt*
    """,
    "until": """
        until | till | meanwhile | in the meantime | while | pending | before you | as long as | for now | for
        the time | sorted | resolved | settled | decided | investigat* | ongoing
    """,
    "dispute": """
        dispute* | court* | lawsuit* | lawyer* | solicitor* | attorney* | tribunal* | ombudsman* | insur* |
        claim* | evidence | complain* | police* | legal* | compensation | proceedings | trial | contest* | sue
        | suing | debt collect*
    """,
    "keep": "keep | retain* | preserv* | hold on to | don't delete | not delete | not be deleted | not erase* | save",
    "oppose": """
        object* | oppos* | against | protest* | do not accept | don't accept | don't agree | not agree |
        refuse* | forbid* | don't want | do not want | won't have | stop | cease* | quit | not ok | not okay |
        unhappy with | no wish | must not
    """,
    "profiling": """
        profil* | scor* | rating | rated | rank* | segment* | track* | monitor* | spy* | analy* | predict* |
        algorithm* | ai | machine learning | automat* | statistic* | research* | survey* | target* | behavio*
        | cookie* | location* | credit* | legitimate interest* | publish* | publication | compare* | evaluat*
        | mood index | risk | categor* | model | train* | pixel* | analytics
    """,
    "consent": """
        consent* | permission* | permit* | agreed | agreement | agreeing | ticked | tick | allowed | said yes
        | opted in | authoris* | authoriz* | gave you | signed | okay | accepted | approval
    """,
    "revoke": """
        withdraw* | revok* | take back | taking back | took back | rescind* | cancel* | retract* | no longer |
        not anymore | any more | undo | over | expired | changed my mind | null | pull*
    """,
    "advert": """
        advert* | ads | marketing | newsletter* | offer* | campaign* | catalogue* | catalog* | brochure* |
        flyer* | leaflet* | promo* | spam* | junk* | sales call* | cold call* | telemarket* | salesm* | sales
        | circular* | mailing* | mailshot* | subscri* | unsub* | deals | text messages | texts | ringing |
        calling | calls | list | lists | upsell* | tips
    """,
    "enough": """
        stop* | enough | no more | never again | quit | cease* | sick of | tired of | fed up | unsubscrib* |
        opt out | opt-out | take me off | leave me alone | spare me | not interested | last | don't need | no
        thanks | not send | none
    """,
    "move": """
        transfer* | port | porting | mov* | export* | switch* | take with me | take it with me | carry over |
        carry | bring | hand over | directly to | migrat* | leaving
    """,
    "provider": """
        competitor* | provider* | another company | other company | new company | new service | new host* |
        new supplier* | elsewhere | another service | other firm | rival*
    """,
    "format": """
        csv* | json* | xml* | excel* | spreadsheet* | zip | mbox | vcard* | machine-read* | machine read* |
        readable | format* | structured | importable | import* | file i can | download* | computer can read |
        electronic* | open format
    """,
    "remind": """
        waiting | waited | heard nothing | not heard | haven't heard | no reply | no answer | reply | replied
        | answer | when | remind* | weeks ago | month ago | promised | did you get | did you receive | any
        news | status | how long | still | chasing | follow up | following up | my request | asked you | i
        sent | i wrote | case | ticket | progress | overdue
    """,
    "thanks": """
        thank* | cheers | received | arrived | got the | all clear | all good | close the | case closed |
        resolved | sorted | much appreciated | brilliant | great | perfect | opened fine | splendid | happy
        with
    """,
    "proof": """
        passport* | driving licen* | driver* licen* | identity | identi* | id card | verif* | confirm* | you
        asked | as asked | requested by you | here is | here's | attached | enclosed | customer number | code
        | password | power of attorney
    """,
    "cancel": """
        never mind | nevermind | cancel my request | withdraw my request | no longer need | no longer wish |
        changed my mind | forget it | forget my | don't bother | no need | call it off | drop the | not
        necessary | disregard
    """,
    "leak": """
        leak* | breach* | stol* | theft | hack* | intru* | lost | misplac* | left on | ransom* | malware |
        virus* | bitcoin* | unauthori* | wrong person | wrong recipient* | wrong address | by mistake |
        mistakenly | accident* | misdirect* | incident* | secur* | laptop* | usb | phone was | compromis* |
        expos* | phish* | broke in | broken into | logged in | login | logins | access to | encrypted |
        vulnerab*
    """,
    "others": """
        someone else* | somebody else* | other customer* | another customer* | other people* | other person* |
        another person* | other woman | other man | strang* | neighbour* | everyone* | everybody* | all
        recipients | unknown | customers | members | patients | pupils | employees | applicants | clients |
        hundreds | dozens | not mine | not me | not ours | none of those | different | other users
    """,
    "visible": """
        visible | see | saw | seeing | shows | showed | showing | appear* | open | public* | google* | anyone
        | anybody | without password | without a password | could read | can read | found | link | folder | cc
        | bcc | online | index* | viewable | displayed
    """,
    "trade": """
        server* | domain* | website* | web site* | web page* | webpage* | hosting | site | printer* | scanner*
        | toner* | ink | cartridge* | monitor | router* | broadband | subscription fee* | invoice* | deliver*
        | order* | price* | pricing | quot* | cost* | pay* | backup* | software | update | install* | crash* |
        slow | works | working | mailbox* | contract* | driver | error message* | warranty | ssl | booking* |
        control panel | lease | refund* | till | upgrade*
    """,
    "selling": """
        we offer | solution* | your business | your company | your customers | meeting | demo* | free trial |
        save money | increase | boost | visibility | recruit* | webinar* | trade fair | partnership | our
        service* | we help | we built
    """,
    "job": "job* | summer job* | application* | internship* | cv | resume | hiring | vacanc* | interview* | recruit*",
    "general": """
        in general | generally | theoretical* | hypothetical* | law | lawful* | must i | do i need | must we |
        do we | our customers | our members | our association | member register | our company | course |
        thesis | student* | policy | privacy notice | privacy page | processing agreement | dpa |
        sub-processor* | subprocessor* | audit* | controllers | your software | your program
    """,
    "fraud": "scam* | fraud* | phish* | inherit* | million* | bank | tax office | click* | lottery",
    "authority": """
        supervisory | data protection ombuds* | authority | complaint no* | reference no* | police |
        regulator*
    """,
    "family": """
        mother* | mum* | mom* | father* | dad* | son | son's | sons | daughter* | child* | wife* | husband* |
        spouse* | partner's | grandm* | grandf* | brother* | sister* | guardian* | ward | client's | in-law* |
        died | deceased | late | estate | behalf | power of attorney | aunt* | uncle*
    """,
    "mayremain": """
        still like | may keep | can keep | may stay | can stay | not a cancellation | don't delete | happy to
        keep | may continue
    """,
    "me": "i | me | my | mine | myself | i'm | i've",
    "picture": """
        picture* | photo* | video* | film* | recording* | footage | voice | call | calls | interview* | quote*
        | portrait*
    """,
}
