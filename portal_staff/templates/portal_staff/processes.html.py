BBBBBBB BBBBBBBBBBBBBBBBBB
 #

BBBB BBBB BB
BBBBB BBBBB gettext(u'Processes') BBBBBBBB
BBBBB BBBBBBB gettext(u'Processes') BBBBBBBB
BBBBB BBBXX XXXXXXXXXXXXXX gettext(u'Each product runs one drawing. Orders under way keep the version that they started with.') XXXXBBBBBBBB
BBBBB BBBB
  XXXXXXXX XXXXXXXXXXXXX
    XXXX XXXXXXXXXXXXX XXXXXXX
      XXXX XXXXXXXXXXXXXXXX XXXXXXXXXXXXX XXXXXXXXXXXX XXXXXXXXXXXX gettext(u'Processes') XX
        XXXXXX XXXXXXXXXXXX
          XXXXXXX
            XXXX
              XXX XXXXXXXXXXXX gettext(u'Process') XXXXX
              XXX XXXXXXXXXXXX gettext(u'In force') XXXXX
              XXX XXXXXXXXXXXX gettext(u'Since') XXXXX
              XXX XXXXXXXXXXX XXXXXXXXXXXX gettext(u'Versions') XXXXX
              XXX XXXXXXXXXXX XXXXXXXXXXXX gettext(u'Running') XXXXX
            XXXXX
          XXXXXXXX
          XXXXXXX
            BBB BBB BB BBBB
              XXXX
                XXX XXXXXXXXXXXXXX XXXXXXBBB BBBBBBBBBBBBBBB BBBBBBBBBBBBBXXFFFFFFFXXXXXXXXX
                XXXXBB BBBBBBBBBBBB gettext(u'Version %(number)s') SSSSSSS SSSSSSSSSSBBBBXXXXX XXXXXXXXXXXXXX gettext(u'None yet') XXXXXXXBBBBBXXXXX
                XXXXFFFFFFFFFFFXXXXX
                XXX XXXXXXXXXXXXXXXXX
                XXX XXXXXXXXXXXXXXXXX
              XXXXX
            BBBBBB
          XXXXXXXX
        XXXXXXXX
      XXXXXX
    XXXXXX
  XXXXXXXXXX
BBBBBBBB
