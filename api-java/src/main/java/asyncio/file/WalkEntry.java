package asyncio.file;

import java.nio.file.Path;
import java.util.List;

/** A directory that a walk has come to. Python: the tuple that {@code os.walk} gives. */
public final class WalkEntry {
    private final Path dirpath;
    private final List<String> dirnames;
    private final List<String> filenames;

    /** Makes one; for implementations. The lists are kept. */
    public WalkEntry(Path dirpath, List<String> dirnames, List<String> filenames) {
        this.dirpath = dirpath;
        this.dirnames = dirnames;
        this.filenames = filenames;
    }

    /** The directory. Python: the first of the tuple. */
    public Path dirpath() {
        return dirpath;
    }

    /**
     * The names of the directories in it. A walk from top to bottom goes into those that are in this list when its next
     * item is asked for: they can be taken out. Python: the second of the tuple.
     */
    public List<String> dirnames() {
        return dirnames;
    }

    /** The names of everything else in it. Python: the third of the tuple. */
    public List<String> filenames() {
        return filenames;
    }

    @Override
    public String toString() {
        return "<WalkEntry " + dirpath + ", " + dirnames + ", " + filenames + ">";
    }
}
