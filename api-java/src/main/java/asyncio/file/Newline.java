package asyncio.file;

/** What ends a line of text. Python: the argument {@code newline} of {@code open}. */
public enum Newline {
    /**
     * Reading: {@code \n}, {@code \r} and {@code \r\n} end a line, and are read as {@code \n}. Writing: {@code \n} is
     * written as {@link System#lineSeparator()}. Python: {@code newline=None}.
     */
    UNIVERSAL,
    /**
     * Reading: {@code \n}, {@code \r} and {@code \r\n} end a line, and stay as they are. Writing: nothing is changed.
     * Python: {@code newline=''}.
     */
    UNTRANSLATED,
    /** Only {@code \n} ends a line; nothing is changed. Python: {@code newline='\n'}. */
    LF,
    /** Only {@code \r} ends a line; {@code \n} is written as {@code \r}. Python: {@code newline='\r'}. */
    CR,
    /** Only {@code \r\n} ends a line; {@code \n} is written as {@code \r\n}. Python: {@code newline='\r\n'}. */
    CRLF
}
