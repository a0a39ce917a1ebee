BBBBBBB BBBBBBBBBBBBBBBBBB
 #

BBBB BBBB BB
BBBBB BBBBB gettext(u'Rulebook') BBBBBBBB
BBBBB BBBBBBB gettext(u'Rulebook') BBBBBBBB
BBBBB BBBXX XXXXXXXXXXXXXX gettext(u'Rules as tables. A change is drafted, proposed, approved by somebody else, and takes effect on its date.') XXXXBBBBBBBB
BBBBB BBBB
  XXXXXXXX XXXXXXXXXXXXX
    XXXX XXXXXXXXXXXXX XXXXXXX
      XXXX XXXXXXXXXXXXXXXX XXXXXXXXXXXXX XXXXXXXXXXXX XXXXXXXXXXXX gettext(u'Tables') XX
        XXXXXX XXXXXXXXXXXX
          XXXXXXX
            XXXX
              XXX XXXXXXXXXXXX gettext(u'Table') XXXXX
              XXX XXXXXXXXXXXX gettext(u'In force') XXXXX
              XXX XXXXXXXXXXXX gettext(u'Since') XXXXX
              XXX XXXXXXXXXXXX gettext(u'Waiting') XXXXX
            XXXXX
          XXXXXXXX
          XXXXXXX
            BBB BBB BB BBBB
              XXXX
                XXX XXXXXXXXXXXXXX XXXXXXBBB BBBBBBBBBBBBB BBBBBBBBBBBBBXXFFFFFFFXXXXXXXXX
                XXXXBB BBBBBBBBBBBB gettext(u'Version %(number)s') SSSSSSS SSSSSSSSSSBBBBXXXXX XXXXXXXXXXXXXX gettext(u'None yet') XXXXXXXBBBBBXXXXX
                XXXXBB BBBBBBBBBBBBFFFFFFFFFFFBBBBBXXXXX
                XXXX
                  BBB BBBBBBB BB BBBBBBBBBBB
                    XX XXXXXXBBB BBBBBBBBBBBBBBB BBBBBBBBBBBBBBBBB BBBBBBBBBBBBBBXX gettext(u'Version %(number)s') SSSSSSS SSSSSSSSSSXXXX
                    BBBBBBB BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
                  BBBBB
                    XXXXX XXXXXXXXXXXXXX gettext(u'Nothing') XXXXXXX
                  BBBBBB
                XXXXX
              XXXXX
            BBBBBB
          XXXXXXXX
        XXXXXXXX
      XXXXXX
    XXXXXX
  XXXXXXXXXX
BBBBBBBB
