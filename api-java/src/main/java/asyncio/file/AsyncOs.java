package asyncio.file;

import static asyncio.file.Arguments.notNull;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.IoProvider;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the operating system for files and directories, without blocking the loop; {@link AsyncFiles} says in
 * which threads, and what a cancellation does. To be imported statically. Python: {@code aiofiles.os},
 * {@code aiofiles.ospath}, and some of {@code shutil}.
 */
public final class AsyncOs {
    private static final LinkOption[] FOLLOW = {};
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};

    private AsyncOs() {}

    /** What throws. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static <T extends @Nullable Object> Coroutine<T> call(Callable<? extends T> call) {
        return IoProvider.get().files().call(call);
    }

    private static Coroutine<@Nullable Void> run(Work work) {
        return call(() -> {
            work.run();
            return null;
        });
    }

    // ---- asking

    /** What the file system knows of a file, of the target of a link. Python: {@code os.stat}. */
    @CheckReturnValue
    public static Coroutine<StatResult> stat(Path path) {
        notNull(path, "stat", "path");
        return call(() -> Stats.of(path, FOLLOW));
    }

    /** {@link #stat} of a link itself. Python: {@code os.lstat}. */
    @CheckReturnValue
    public static Coroutine<StatResult> lstat(Path path) {
        notNull(path, "lstat", "path");
        return call(() -> Stats.of(path, NO_FOLLOW));
    }

    /** Whether there is something; false for a link that leads nowhere. Python: {@code os.path.exists}. */
    @CheckReturnValue
    public static Coroutine<Boolean> exists(Path path) {
        notNull(path, "exists", "path");
        return call(() -> Files.exists(path));
    }

    /** Whether it is a regular file, or a link to one. Python: {@code os.path.isfile}. */
    @CheckReturnValue
    public static Coroutine<Boolean> isfile(Path path) {
        notNull(path, "isfile", "path");
        return call(() -> Files.isRegularFile(path));
    }

    /** Whether it is a directory, or a link to one. Python: {@code os.path.isdir}. */
    @CheckReturnValue
    public static Coroutine<Boolean> isdir(Path path) {
        notNull(path, "isdir", "path");
        return call(() -> Files.isDirectory(path));
    }

    /** Whether it is a symbolic link. Python: {@code os.path.islink}. */
    @CheckReturnValue
    public static Coroutine<Boolean> islink(Path path) {
        notNull(path, "islink", "path");
        return call(() -> Files.isSymbolicLink(path));
    }

    /** Whether both are the same file. Python: {@code os.path.samefile}. */
    @CheckReturnValue
    public static Coroutine<Boolean> samefile(Path first, Path second) {
        notNull(first, "samefile", "first");
        notNull(second, "samefile", "second");
        return call(() -> Files.isSameFile(first, second));
    }

    /** The size in bytes. Python: {@code os.path.getsize}. */
    @CheckReturnValue
    public static Coroutine<Long> getsize(Path path) {
        notNull(path, "getsize", "path");
        return call(() -> Files.size(path));
    }

    /**
     * Whether this program may do all of that with the file; without modes, whether it exists. Python:
     * {@code os.access}.
     */
    @CheckReturnValue
    public static Coroutine<Boolean> access(Path path, AccessMode... modes) {
        notNull(path, "access", "path");
        notNull(modes, "access", "modes");
        return call(() -> {
            try {
                path.getFileSystem().provider().checkAccess(path, modes);
                return true;
            } catch (IOException refused) {
                return false;
            }
        });
    }

    /** How full the file system of this path is. Python: {@code shutil.disk_usage}, {@code os.statvfs}. */
    @CheckReturnValue
    public static Coroutine<DiskUsage> diskUsage(Path path) {
        notNull(path, "diskUsage", "path");
        return call(() -> {
            var store = Files.getFileStore(path);
            var total = store.getTotalSpace();
            return new DiskUsage(total, total - store.getUnallocatedSpace(), store.getUsableSpace());
        });
    }

    // ---- directories

    /** The names in a directory, in no certain order. Python: {@code os.listdir}. */
    @CheckReturnValue
    public static Coroutine<List<String>> listdir(Path path) {
        notNull(path, "listdir", "path");
        return call(() -> {
            var names = new ArrayList<String>();
            try (var stream = Files.newDirectoryStream(path)) {
                stream.forEach(entry -> names.add(entry.getFileName().toString()));
            }
            return names;
        });
    }

    /**
     * What is in a directory, in no certain order, with what the file system knows of it. Python: {@code os.scandir}.
     */
    @CheckReturnValue
    public static Coroutine<List<DirEntry>> scandir(Path path) {
        notNull(path, "scandir", "path");
        return call(() -> Stats.entriesOf(path));
    }

    /** Makes a directory. Python: {@code os.mkdir}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> mkdir(Path path) {
        notNull(path, "mkdir", "path");
        return run(() -> Files.createDirectory(path));
    }

    /** {@link #makedirs(Path, boolean)} of what must not exist. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> makedirs(Path path) {
        return makedirs(path, false);
    }

    /**
     * Makes a directory, and those that it is in. Python: {@code os.makedirs(path, exist_ok=…)}.
     *
     * <p>Awaiting it raises {@link java.nio.file.FileAlreadyExistsException} if it is there, and is not a directory or
     * {@code existOk} is false.
     */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> makedirs(Path path, boolean existOk) {
        notNull(path, "makedirs", "path");
        return run(() -> {
            if (existOk) {
                Files.createDirectories(path);
                return;
            }
            var parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(path);
        });
    }

    /** Removes an empty directory. Python: {@code os.rmdir}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> rmdir(Path path) {
        notNull(path, "rmdir", "path");
        return run(() -> Trees.removeEmpty(path));
    }

    /** {@link #rmdir}, then of each directory that it is in and that is empty then. Python: {@code os.removedirs}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> removedirs(Path path) {
        notNull(path, "removedirs", "path");
        return run(() -> {
            Trees.removeEmpty(path);
            Trees.removeEmptyParents(path);
        });
    }

    /** Removes a directory with all that is in it; links are removed, not followed. Python: {@code shutil.rmtree}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> rmtree(Path path) {
        notNull(path, "rmtree", "path");
        return run(() -> {
            Trees.checkDirectory(path);
            Trees.remove(path);
        });
    }

    // ---- files and links

    /** Removes a file, or a link; a directory raises {@link FileSystemException}. Python: {@code os.remove}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> remove(Path path) {
        notNull(path, "remove", "path");
        return run(() -> {
            if (Files.isDirectory(path, NO_FOLLOW)) {
                throw new FileSystemException(path.toString(), null, "Is a directory");
            }
            Files.delete(path);
        });
    }

    /** {@link #remove}. Python: {@code os.unlink}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> unlink(Path path) {
        return remove(notNull(path, "unlink", "path"));
    }

    /**
     * Renames, within a file system. Awaiting it raises {@link java.nio.file.FileAlreadyExistsException} if there is
     * something with the new name: what Python's does on Windows, everywhere. Python: {@code os.rename}.
     */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> rename(Path source, Path target) {
        notNull(source, "rename", "source");
        notNull(target, "rename", "target");
        return run(() -> Files.move(source, target));
    }

    /**
     * {@link #rename}, and makes the directories for the new name before, and removes empty ones after. Python:
     * {@code os.renames}.
     */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> renames(Path source, Path target) {
        notNull(source, "renames", "source");
        notNull(target, "renames", "target");
        return run(() -> {
            var parent = target.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.move(source, target);
            Trees.removeEmptyParents(source);
        });
    }

    /** Renames, atomically; what has the new name is replaced. Python: {@code os.replace}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> replace(Path source, Path target) {
        notNull(source, "replace", "source");
        notNull(target, "replace", "target");
        return run(
                () -> Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
    }

    /** Gives a file a further name. Python: {@code os.link(source, link)}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> link(Path source, Path link) {
        notNull(source, "link", "source");
        notNull(link, "link", "link");
        return run(() -> Files.createLink(link, source));
    }

    /** Makes a symbolic link. Python: {@code os.symlink(source, link)}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> symlink(Path source, Path link) {
        notNull(source, "symlink", "source");
        notNull(link, "symlink", "link");
        return run(() -> Files.createSymbolicLink(link, source));
    }

    /** What a symbolic link says. Python: {@code os.readlink}. */
    @CheckReturnValue
    public static Coroutine<Path> readlink(Path path) {
        notNull(path, "readlink", "path");
        return call(() -> Files.readSymbolicLink(path));
    }

    /** {@link #chmod(Path, Set)} with a number, such as {@code 0644}. Python: {@code os.chmod}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> chmod(Path path, int mode) {
        notNull(path, "chmod", "path");
        return run(() -> Files.setAttribute(path, "unix:mode", mode));
    }

    /** Sets the permissions; see {@link PosixFilePermissions#fromString}. Python: {@code os.chmod}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> chmod(Path path, Set<PosixFilePermission> permissions) {
        notNull(path, "chmod", "path");
        Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
        all.addAll(notNull(permissions, "chmod", "permissions"));
        return run(() -> Files.setPosixFilePermissions(path, all));
    }

    /** Sets when the file was read and changed. Python: {@code os.utime(path, (atime, mtime))}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> utime(Path path, Instant atime, Instant mtime) {
        notNull(path, "utime", "path");
        notNull(atime, "utime", "atime");
        notNull(mtime, "utime", "mtime");
        return run(() -> Stats.setTimes(path, FileTime.from(atime), FileTime.from(mtime)));
    }

    /** Makes an empty file; if there is one, it was changed now. Python: {@code Path.touch}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> touch(Path path) {
        notNull(path, "touch", "path");
        return run(() -> Stats.touch(path));
    }

    private static final class Trees {
        /** A link to a directory is not one, and the JDK would remove it, or a file. */
        static void checkDirectory(Path path) throws IOException {
            if (Files.isDirectory(path, NO_FOLLOW)) {
                return;
            }
            if (!Files.exists(path, NO_FOLLOW)) {
                throw new NoSuchFileException(path.toString());
            }
            throw new NotDirectoryException(path.toString());
        }

        static void removeEmpty(Path directory) throws IOException {
            checkDirectory(directory);
            Files.delete(directory);
        }

        static void removeEmptyParents(Path path) {
            for (var parent = path.getParent(); parent != null; parent = parent.getParent()) {
                try {
                    removeEmpty(parent);
                } catch (IOException notEmpty) {
                    return;
                }
            }
        }

        static void remove(Path top) throws IOException {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException error) throws IOException {
                    if (error != null) {
                        throw error;
                    }
                    Files.delete(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
    }
}
