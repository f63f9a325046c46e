# reste_reason(<variable> <text> <result>): what a program that failed says, in one line that is never empty: its first line that speaks of
# an error, else its first line with a word on it, else how it ended.
function(reste_reason variable text result)
    string(REGEX REPLACE "[\r\t]" " " text "${text}")
    string(REGEX MATCH "[^\n]*([Ee]rror|[Ff]atal|not found|No such)[^\n]*" line "${text}")
    if(NOT line MATCHES "[^ ]")
        string(REGEX MATCH "[^\n]*[^ \n][^\n]*" line "${text}")
    endif()
    string(STRIP "${line}" line)
    if(line STREQUAL "" AND result MATCHES "^-?[0-9]+$")
        set(line "it ended with status ${result} and said nothing")
    elseif(line STREQUAL "")
        set(line "it ended with '${result}' and said nothing")
    endif()
    set(${variable} "${line}" PARENT_SCOPE)
endfunction()

# reste_write(<file> <text>): leaves a file alone that says this already, for something is built again where it is newer. The text goes in
# as it is: a compiler's words may hold what file(CONFIGURE) would replace.
function(reste_write file text)
    set(old "")
    if(EXISTS "${file}")
        file(READ "${file}" old)
    endif()
    if(NOT old STREQUAL "${text}\n")
        file(WRITE "${file}" "${text}\n")
    endif()
endfunction()
