package asyncio.file;

import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a file system knows of a file. Python: {@code os.stat_result}.
 *
 * <p>What the file system does not tell is null: owner, inode and the like are told by those of Unix only.
 */
public final class StatResult {
    private final Map<String, ?> attributes;

    /**
     * Makes one; for implementations.
     *
     * @param attributes by their names in {@link java.nio.file.Files#readAttributes(java.nio.file.Path, String,
     *     java.nio.file.LinkOption...)}
     */
    public StatResult(Map<String, ?> attributes) {
        this.attributes = Map.copyOf(attributes);
    }

    /** The size in bytes. Python: {@code st_size}. */
    public long stSize() {
        return ((Number) attributes.get("size")).longValue();
    }

    /** When its content was changed. Python: {@code st_mtime}, {@code st_mtime_ns}. */
    public Instant stMtime() {
        return time("lastModifiedTime");
    }

    /** When it was read. Python: {@code st_atime}. */
    public Instant stAtime() {
        return time("lastAccessTime");
    }

    /** When its attributes were changed. Python: {@code st_ctime}, on Unix. */
    public @Nullable Instant stCtime() {
        return attributes.containsKey("ctime") ? time("ctime") : null;
    }

    /** When it was made; when it was changed, if the file system does not know. Python: {@code st_birthtime}. */
    public Instant stBirthtime() {
        return time("creationTime");
    }

    /** Kind and permissions as a number. Python: {@code st_mode}. */
    public @Nullable Integer stMode() {
        return (Integer) attributes.get("mode");
    }

    /** Its number in its file system. Python: {@code st_ino}. */
    public @Nullable Long stIno() {
        return (Long) attributes.get("ino");
    }

    /** The device that it is on. Python: {@code st_dev}. */
    public @Nullable Long stDev() {
        return (Long) attributes.get("dev");
    }

    /** How many names it has. Python: {@code st_nlink}. */
    public @Nullable Integer stNlink() {
        return (Integer) attributes.get("nlink");
    }

    /** The number of its owner. Python: {@code st_uid}. */
    public @Nullable Integer stUid() {
        return (Integer) attributes.get("uid");
    }

    /** The number of its group. Python: {@code st_gid}. */
    public @Nullable Integer stGid() {
        return (Integer) attributes.get("gid");
    }

    /** Whether it is a regular file. Python: {@code stat.S_ISREG}. */
    public boolean isRegularFile() {
        return (Boolean) attributes.get("isRegularFile");
    }

    /** Whether it is a directory. Python: {@code stat.S_ISDIR}. */
    public boolean isDirectory() {
        return (Boolean) attributes.get("isDirectory");
    }

    /** Whether it is a symbolic link; only {@link AsyncFiles#lstat} gives one. Python: {@code stat.S_ISLNK}. */
    public boolean isSymbolicLink() {
        return (Boolean) attributes.get("isSymbolicLink");
    }

    private Instant time(String name) {
        return ((FileTime) attributes.get(name)).toInstant();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StatResult result && result.attributes.equals(attributes);
    }

    @Override
    public int hashCode() {
        return attributes.hashCode();
    }

    @Override
    public String toString() {
        var kind = isDirectory() ? "directory" : isSymbolicLink() ? "link" : isRegularFile() ? "file" : "other";
        return "<StatResult " + kind + ", size=" + stSize() + ", mtime=" + stMtime() + ">";
    }
}
