package samples.flags;

import java.util.List;

/** One way to download many flags. */
interface Way {

    /** What the table calls it. */
    String title(int flags, int limit);

    /**
     * Downloads every flag. One that cannot be had stops none of the others.
     *
     * @return how each one went
     * @throws InterruptedException if it was told to stop
     */
    List<Download> downloadMany(List<String> countries, Job job) throws InterruptedException;
}
