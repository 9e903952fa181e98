package asyncio.file;

/** What an offset counts from. Python: {@code os.SEEK_SET} and so on. */
public enum Whence {
    /** The begin of the file. */
    SEEK_SET,
    /** The position of the file. */
    SEEK_CUR,
    /** The end of the file. */
    SEEK_END
}
