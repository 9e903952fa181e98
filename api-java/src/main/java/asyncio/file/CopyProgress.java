package asyncio.file;

/** Hears how far a copy has come. In the loop; what it throws ends the copy. aiofiles has nothing like it. */
@FunctionalInterface
public interface CopyProgress {
    /**
     * Some more was copied.
     *
     * @param copied how many bytes there are so far
     * @param total how many the source had at the start
     */
    void copied(long copied, long total);
}
