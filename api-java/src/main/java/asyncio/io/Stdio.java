package asyncio.io;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a standard stream of a {@link Subprocess} leads to. Python: {@code PIPE}, {@code DEVNULL}, {@code STDOUT},
 * None, or a file.
 */
public final class Stdio {
    /** A pipe to this program. Python: {@code subprocess.PIPE}. */
    public static final Stdio PIPE = new Stdio("PIPE", null, false);

    /** Nothing comes in, and what goes out is lost. Python: {@code subprocess.DEVNULL}. */
    public static final Stdio DEVNULL = new Stdio("DEVNULL", null, false);

    /** The same as that of this program. Python: None. */
    public static final Stdio INHERIT = new Stdio("INHERIT", null, false);

    /** For stderr: the same as stdout of the subprocess. Python: {@code subprocess.STDOUT}. */
    public static final Stdio STDOUT = new Stdio("STDOUT", null, false);

    private final String kind;
    private final @Nullable Path path;
    private final boolean appending;

    private Stdio(String kind, @Nullable Path path, boolean appending) {
        this.kind = kind;
        this.path = path;
        this.appending = appending;
    }

    /** This file: stdin is read from it; stdout and stderr overwrite it. Python: a file object. */
    public static Stdio file(Path path) {
        return new Stdio("file", Objects.requireNonNull(path, "file: path is null"), false);
    }

    /** The end of this file, for stdout and stderr. Python: a file object that was opened with {@code "ab"}. */
    public static Stdio appendTo(Path path) {
        return new Stdio("appendTo", Objects.requireNonNull(path, "appendTo: path is null"), true);
    }

    /** The file; null if it is not one. */
    public @Nullable Path path() {
        return path;
    }

    /** Whether it is the end of a file. */
    public boolean appending() {
        return appending;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Stdio that && kind.equals(that.kind) && Objects.equals(path, that.path);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, path);
    }

    @Override
    public String toString() {
        return path == null ? kind : kind + "(" + path + ")";
    }
}
