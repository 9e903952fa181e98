package asyncio.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Blocking: what file systems know of files. */
final class Stats {
    private Stats() {}

    static StatResult of(Path path, LinkOption... options) throws IOException {
        // The names of the JDK's view of Unix are documented nowhere, and have been the same since Java 7.
        var isUnix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
        var attributes = new HashMap<>(Files.readAttributes(path, isUnix ? "unix:*" : "*", options));
        attributes.values().removeIf(value -> value == null);
        return new StatResult(attributes);
    }

    static List<DirEntry> entriesOf(Path directory) throws IOException {
        var entries = new ArrayList<DirEntry>();
        try (var stream = Files.newDirectoryStream(directory)) {
            for (var path : stream) {
                try {
                    entries.add(entry(path));
                } catch (NoSuchFileException gone) {
                    // It was removed meanwhile.
                }
            }
        }
        return entries;
    }

    private static DirEntry entry(Path path) throws IOException {
        var own = of(path, LinkOption.NOFOLLOW_LINKS);
        if (!own.isSymbolicLink()) {
            return new DirEntry(path, own, own);
        }
        try {
            return new DirEntry(path, own, of(path));
        } catch (IOException leadsNowhere) {
            return new DirEntry(path, own, own);
        }
    }

    static void setTimes(Path path, FileTime atime, FileTime mtime) throws IOException {
        Files.getFileAttributeView(path, BasicFileAttributeView.class).setTimes(mtime, atime, null);
    }

    static void touch(Path path) throws IOException {
        var now = FileTime.from(Instant.now());
        try {
            setTimes(path, now, now);
        } catch (NoSuchFileException missing) {
            // Of a link that leads nowhere, this makes the target.
            Files.newByteChannel(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        }
    }
}
