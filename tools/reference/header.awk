# Makes of runloop.h what Doxygen understands: the introduction becomes the main page, and each
# section a group.
NR == 1 { print "/** @file runloop.h */\n/** @mainpage librunloop\n@verbatim"; sub(/^\/\* /, ""); intro = 1 }
intro && /^ \*\/$/ { print "@endverbatim\n*/"; intro = 0; next }
intro { sub(/^ \* ?/, ""); print; next }
/^\/\* -+$/ { getline; sub(/^ \* /, ""); title = $0; getline
    if (section++) print "/** @} */"
    printf "/** @defgroup section%02d %s\n@{ */\n", section, title
    next }
/^typedef struct (runloop_[a-z_]+) (runloop_[a-z_]+);/ { print "/// An opaque handle, described with its functions." }
/^#define RUNLOOP_VERSION_(MINOR|PATCH)/ { print "/// The version's next part." }
/^#ifdef __cplusplus$/ && guards++ { print "/** @} */" }
# <angles> are text here, not commands of Doxygen's, and an address ends before its quote.
/^ *\/\/\// { if (match($0, /`https?:[^`]*`/)) $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + 1, RLENGTH - 2) substr($0, RSTART + RLENGTH); gsub(/</, "\\&lt;"); gsub(/>/, "\\&gt;") }
{ print }
