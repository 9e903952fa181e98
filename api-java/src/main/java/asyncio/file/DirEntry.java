package asyncio.file;

import java.nio.file.Path;

/** A name in a directory, and what it names. Python: {@code os.DirEntry}. */
public final class DirEntry {
    private final Path path;
    private final StatResult own;
    private final StatResult followed;

    /**
     * Makes one; for implementations.
     *
     * @param path the directory and the name
     * @param own what stands there, a link included
     * @param followed what a link leads to; {@code own} if it is not one, or leads nowhere
     */
    public DirEntry(Path path, StatResult own, StatResult followed) {
        this.path = path;
        this.own = own;
        this.followed = followed;
    }

    /** The name alone. Python: {@code name}. */
    public String name() {
        return path.getFileName().toString();
    }

    /** The directory and the name. Python: {@code path}. */
    public Path path() {
        return path;
    }

    /** Whether it is a directory, or a link to one. Python: {@code is_dir()}. */
    public boolean isDir() {
        return followed.isDirectory();
    }

    /** Whether it is a regular file, or a link to one. Python: {@code is_file()}. */
    public boolean isFile() {
        return followed.isRegularFile();
    }

    /** Whether it is a symbolic link. Python: {@code is_symlink()}. */
    public boolean isSymlink() {
        return own.isSymbolicLink();
    }

    /**
     * What the file system said of it when the directory was read; of its target, if it is a link. Python:
     * {@code stat()}.
     */
    public StatResult stat() {
        return followed;
    }

    /** {@link #stat()}; of a link itself, if it is one. Python: {@code stat(follow_symlinks=False)}. */
    public StatResult lstat() {
        return own;
    }

    @Override
    public String toString() {
        return "<DirEntry '" + name() + "'>";
    }
}
