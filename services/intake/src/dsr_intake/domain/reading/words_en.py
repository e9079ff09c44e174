"""English: what people call things, by tag. `*` stands for any letters, `_` for up to three words."""

from typing import Final

WORDS: Final[dict[str, str]] = {
    "ERASE": """
        delet* | eras* | remov* | wipe* | wiping | purge* | destroy* | destruct* | scrub* | forget | get rid of | take
        _ down | take _ off | eliminat* | expung* | clear out | discard* | obliterat* | take _ out | throw away | bin
        | shred* | nuke* | rid of | drop | come down | taken down | take down | trash | ditch | chuck | scrap | get me
        out of | do away with
    """,
    "FORGOTTEN": """
        right to be forgotten | be forgotten | right to erasure | right of erasure | erasure request | deletion
        request | request for erasure | forget me | forget about me | data deletion | account deletion | request for
        deletion | request erasure | request deletion | data removal
    """,
    "DATA": """
        data | information | info | details | record | records | personal data | file | files | entry | everything |
        history | entries | anything | all of it | them | trace* | dossier | particulars | stuff
    """,
    "ACCOUNT": "account | accounts | profile | login | user | membership | user account | registration",
    "DATUM": """
        name | names | surname | first name | last name | maiden name | phone | telephone | mobile | number | address
        | addresses | email | e-mail | mail address | birth* | date of birth | dob | photo* | picture* | image* |
        title | gender | street | postcode | zip | job title | middle name | contact detail* | marital | nationality |
        spelling | language preference | bank account | next of kin | emergency contact | city | apartment | flat
        number | house number | nickname | initial | occupation | postal | home address | phone number | surname* |
        birthday
    """,
    "ME": "i | me | my | mine | myself | i'm | i'd | i've | im | i’m | i’d | i’ve | undersigned",
    "MYDATA": """
        my _ data | my _ information | my _ info | my _ details | my _ record* | my _ account | my _ profile | about
        me | on me | of me | my data | mine | my personal | relating to me | concerning me | regarding me | my file |
        my history | my name
    """,
    "ASK": """
        please | pls | plz | kindly | request | requesting | want | wants | wanna | would like | i'd like | i’d like |
        id like | could you | can you | would you | will you | can i | could i | may i | demand | require | insist |
        ask | asking | wish | like to | need | must | should | have to | thanks | thank you | exercis* | under |
        pursuant | according | right to | tell me | send | provide | give | let me | appreciate | grateful | hereby |
        i expect | invoke* | instruct* | just
    """,
    "NOT": """
        not | don't | dont | don’t | never | no | do not | doesn't | doesn’t | without | nor | won't | wouldn't |
        aren't | isn't | didn't | shouldn't
    """,
    "ABLE": """
        can't | cannot | can not | can’t | couldn't | couldn’t | unable | not able | no longer open | not find | not
        possible
    """,
    "STOP": """
        stop | stopping | cease | quit | halt | end | discontinu* | desist | refrain | no more | enough | knock off |
        opt me out | block | prohibit* | forbid*
    """,
    "MKT": """
        marketing | newsletter* | advert* | ads | promo* | offer | offers | mailings | campaign* | mailshot* | sales
        call* | cold call* | sales mail* | bulletins | sales emails | flyers | telemarketing | deals | brochure* |
        catalogue* | marketting | sales pitch* | commercial mail* | commercial emails | discount* | mass mail* |
        leaflet*
    """,
    "SEND": """
        send* | sent | receive | receiving | get | getting | email* | mail* | call* | contact* | want | interest* |
        bother* | recieve* | text* | need | bombard* | wish | like | ring*
    """,
    "OFF": "off | out of | from | away",
    "HOWTO": "how do i | how can i | how to | where do i | where can i | how would i",
    "LIST": """
        mailing list* | list | lists | mailinglist* | distribution list* | subscriber* | subscription | subscriptions
        | marketing database | marketing list* | mailings | newsletter list | newsletter | newsletters | contact list
    """,
    "UNSUB": """
        unsubscrib* | unsuscrib* | unsubcrib* | opt out | opt-out | opting out | opt me out | take me off | off your
        list* | off the list | off this list | remove me from _ list* | do not contact me | object to _ marketing |
        objecting to _ marketing | object to direct marketing | direct marketing opt* | stop spamming | de-register |
        no marketing | opted out | remove me from _ newsletter* | off your mailing* | off the mailing* |
        unsubscription | stop the emails | stop emailing | stop calling | not consent to marketing | no junk
    """,
    "FIX": """
        correct* | rectif* | amend* | chang* | updat* | fix* | replace* | edit* | modify* | put right | revise* |
        alter* | adjust* | swap* | set right | correction* | instead | put it right | set it right | sort out
    """,
    "WRONG": """
        wrong* | incorrect* | inaccurate* | mistake* | misspel* | mis-spel* | typo* | not right | not correct | isn't
        right | isn't correct | error* | false | should be | should read | should say | ought to be | it is actually |
        it's actually | is spelled | is spelt | spelled | spelt | no longer my | no longer live | instead of |
        mistyped | erroneous* | untrue | invalid | not true | mixed up | shows | says | lists | have me as | got me as
        | have me down
    """,
    "CHANGED": """
        moved | changed | married | divorced | new | now | current | formerly | nowadays | has changed | recently |
        relocated
    """,
    "ADD": """
        add | adding | added | complete | completing | supplement* | append* | fill in | include | insert* |
        completion | put in | fill out | enter | put down | on file as well | also put | put my _ on file
    """,
    "MISSING": """
        missing | incomplete | lacks | lacking | blank | empty | left out | omitted | omits | absent | not listed |
        not filled | not complete | isn't there | without my | doesn't have my | only have my | not included
    """,
    "COPY": """
        copy | copies | printout* | extract* | export* | summary | dump | list of | transcript* | report | download* |
        overview
    """,
    "GET": "get | send* | provid* | give | obtain | receive | supply | forward | deliver | to have a",
    "SEE": """
        see | view | access | inspect* | review* | look at | know | tell | check | show | disclos* | confirm* | find
        out | explain | inform* | understand | reveal | list | hear | learn | ask | let me know | wondering | curious
        | clarif* | specify
    """,
    "WHAT": "what | which | whether | if | how | why | whatever | what's | whats | what’s | wot",
    "HOLD": """
        have | hold* | held | keep* | kept | stor* | collect* | process* | got | know | maintain* | retain* | record*
        | possess* | gather* | saved | on file | use | using | used | you've | u have
    """,
    "ABOUTME": """
        about me | on me | of me | my _ data | my _ information | my _ details | my _ info | regarding me | concerning
        me | relating to me | related to me | my _ records | my _ file | of mine | about myself | on my account |
        linked to me | my data | under my name | on my person | my personal | my email
    """,
    "SOURCE": "where | how | source | origin | from whom | who gave | from where | from which | whence",
    "GOT": """
        got | get | obtain* | acquir* | came | come | found | find | bought | buy | receive* | source* | gave |
        purchase* | hold of | harvest*
    """,
    "WHO": """
        who | whom | third part* | anyone | recipient* | which companies | what companies | someone else | other
        companies | anybody | which organisations
    """,
    "SHARE": """
        shar* | disclos* | sold | sell* | pass* | given | gave | transfer* | provid* | forward* | sent | access | seen
        | receive* | hand* | leaked to | sees
    """,
    "USE": "use | using | used | process* | handl* | touch* | exploit* | utilis* | utiliz* | usage",
    "UNTIL": """
        until | till | while | pending | before | in the meantime | meanwhile | temporar* | as long as | for now | for
        the time being | dispute* | during | investigat* | contest* | verif* | on hold
    """,
    "RESTRICT": """
        restrict* | limit* | freez* | frozen | on hold | pause* | suspend* | lock* | block* | halt processing | put _
        hold | quarantin* | hold on
    """,
    "KEEP": """
        keep | preserve* | retain | don't delete | do not delete | don’t delete | not be deleted | not delete | store
        | not erase | hold on to | don't erase | stay
    """,
    "CLAIM": """
        legal claim* | lawsuit | court | litigation | claim | claims | dispute | solicitor* | lawyer* | evidence |
        insurance | tribunal | proceedings | legal action | small claims | attorney*
    """,
    "OBJECT": """
        object | objecting | objection | objections | oppose* | opposed | opposing | disagree | not agree | not accept
        | protest | don't agree | take issue | refuse
    """,
    "PROFILE": """
        profil* | track* | analy* | statistic* | automated decision* | scor* | monitor* | target* | segment* |
        research | personalis* | personaliz* | cookies | behaviour | behavior | algorithm* | product development |
        machine learning | training | train | location data | surveillance | recommendation* | ai | rating | planning
        | plan
    """,
    "INTEREST": """
        legitimate interest* | particular situation | my situation | personal situation | personal circumstances | my
        circumstances | safety
    """,
    "CONSENT": "consent* | permission* | authorisation | authorization | approval | agreement to | permit",
    "WITHDRAW": """
        withdraw* | revok* | take _ back | taking _ back | retract* | rescind* | cancel* | pull | pulling | recall* |
        no longer valid | remove my | undo | reverse | no longer | revocation | end my | stop my | annul*
    """,
    "GIVE": "give | gave | given | granted | grant",
    "FORMAT": """
        machine-readable | machine readable | csv* | json* | xml* | excel* | structured | commonly used | portable |
        file format | spreadsheet* | electronic format | import | electronic file | digital format | reusable format
    """,
    "MOVE": """
        move | moving | transfer* | switch* | port | porting | migrat* | take _ with me | bring _ with me | transmit*
        | take _ to | forward | pass | send _ to | carry over
    """,
    "PROVIDER": """
        another provider* | new provider* | another company | another service | other provider* | new supplier* |
        another supplier* | competitor* | different provider* | another controller* | new host* | other company | new
        operator* | provider* | supplier* | another host* | different company | elsewhere | new service | another
        operator*
    """,
    "PORT": """
        data portability | portability | port my | right to portability | transfer my _ data | transfer of my _ data |
        move my _ data | transmit my _ data | take my _ data | transfer my _ information | transfer my details
    """,
    "ACCESSNAME": """
        subject access | access request* | sar | dsar | right of access | right to access | access to my | access to
        the _ data | access to all | data access | request access | gdpr request | data subject request
    """,
    "RECTNAME": """
        right to rectification | rectification request | request for rectification | correction request | change of
        address | change of name | rectification | correction of my | address change | name change
    """,
    "SECOND": """
        your customer* | your data | your information | your account | your personal | your password | you can _
        request | you may _ request | customers can | your rights | your clients | your mailbox | your users | data
        subjects | your inbox | you have the right | your privacy | users can | your business | a customer asks | a
        customer wants | when a customer | if a customer | when someone asks | if someone asks | when people ask | a
        data subject
    """,
    "THIRD": "his | her | hers | him | their | customers' | customer's | client's",
    "COMPANY": """
        ltd | inc | llc | plc | gmbh | company* | our business | business id | vat | e-invoice* | einvoice* | billing
        address | invoicing address | our firm | organisation* | organization* | our organisation | oy | ab |
        corporate | trade name | industry
    """,
    "WE": "we | our | us | ours",
    "SUPPORT": """
        domain* | dns* | password* | mailbox* | website* | web site | site | page | pages | invoice* | order | orders
        | product* | delivery* | certificate* | ssl* | server* | backup* | folder* | contract* | shop | nameserver* |
        ip address* | plugin* | database | software | printer* | booking* | ticket* | app | feature* | refund* |
        attachment* | driver*
    """,
    "PAST": """
        i asked | i requested | i sent | i submitted | i wrote | i filed | i have asked | i've asked | i have
        requested | i had asked | i'd asked
    """,
    "REMIND": """
        remind* | no answer | no reply | not heard | haven't heard | not received | when will | any update | status of
        | still waiting | any news | how long | overdue | chasing | follow up | following up | deadline | progress |
        have not replied | have you had
    """,
    "CANCEL": """
        withdraw my request | cancel my request | never mind | nevermind | changed my mind | no longer need |
        disregard my | ignore my | drop my request | cancel the request | withdraw the request | retract my request |
        please close the case | keep my account after all
    """,
    "GDPR": "gdpr* | data protection | personal data | privacy | data subject | controller | ombudsman",
    "ALL": "all | everything | any | anything | every | whole | entire",
    "SELF": "i | i'm | i've | i'd",
    "PRON": "it | them | this | these | that | those | so | any of it | all of it | there",
    "TRIED": "tried | trying | attempted | have tried",
    "BROKEN": """
        not working | doesn't work | does not work | stopped working | won't | is down | slow | crash* | error
        message* | broken | not loading | bounces | hangs | outage | not sync* | fails to
    """,
    "ANSWER": """
        here is | here are | attached | as requested | my customer number | i confirm | please find | you asked |
        identity | yes
    """,
    "WISH": "request* | want | would like | need | demand",
    "NOTINT": """
        not interested | no thanks | no thank you | no more | enough | stop this | take me off | no longer interested
    """,
    "NOUSE": "not use | don't use | don’t use | not be used | without using | dont use | unused",
    "THIRDDATA": """
        about him | about her | about them | on him | on her | his _ data | her _ data | his _ information | her _
        information | his _ details | her _ details | his _ account | her _ account | their _ data | my mother's | my
        father's | my son's | my daughter's | my client's | my wife's | my husband's | my child's | concerning him |
        concerning her
    """,
    "MEOBJ": "me",
    "FORM": "format | form | file",
    "JUNK": "spam* | junk",
    "OLD": "outdated | out of date | out-of-date | old | obsolete",
}
