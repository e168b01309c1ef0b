# Makes of the headers what Doxygen understands: runloop.h's introduction becomes the main page, that of
# runloop_params.h a page of its own, and each section a group.
NR == 1 { setters = FILENAME ~ /params/; print setters ? "/** @file runloop_params.h */\n/** @page setters Typed setters\n@verbatim" : "/** @file runloop.h */\n/** @mainpage librunloop\n@verbatim"; sub(/^\/\* /, ""); intro = 1 }
intro && /^ \*\/$/ { print "@endverbatim\n*/"; intro = 0; next }
intro { sub(/^ \* ?/, ""); print; next }
/^\/\* -+$/ { getline; sub(/^ \* /, ""); title = $0; getline
    if (section++) print "/** @} */"
    printf "/** @defgroup %s%02d %s\n@{ */\n", setters ? "setters" : "section", section, title
    next }
/^typedef struct (runloop_[a-z_]+) (runloop_[a-z_]+);/ { print "/// An opaque handle, described with its functions." }
/^#define RUNLOOP_VERSION_(MINOR|PATCH)/ { print "/// The version's next part." }
# Values that stand beneath one comment share it.
setters && /^\/\/\/ / { doc = $0 }
setters && /^#define RUNLOOP_.*"/ { if (before ~ /^#define/) print doc }
{ before = $0 }
/^#ifdef __cplusplus$/ && guards++ { print "/** @} */" }
# <angles> are text here, not commands of Doxygen's, and an address ends before its quote.
/^ *\/\/\// { if (match($0, /`https?:[^`]*`/)) $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + 1, RLENGTH - 2) substr($0, RSTART + RLENGTH); gsub(/</, "\\&lt;"); gsub(/>/, "\\&gt;") }
{ print }
