package asyncio.file;

import static asyncio.Asyncio.*;
import static asyncio.file.AsyncFiles.*;
import static asyncio.file.AsyncOs.*;
import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The calls of the operating system. */
@Timeout(120)
class AsyncOsTest {
    @TempDir
    private Path folder;

    private Path file(String name) {
        return folder.resolve(name);
    }

    @Test
    void asksWhatThereIs() throws Exception {
        Files.writeString(file("file"), "12345");
        Files.createDirectory(file("dir"));
        Files.createSymbolicLink(file("link"), Path.of("file"));
        Files.createSymbolicLink(file("dangling"), Path.of("nothing"));
        run(() -> {
            assertTrue(await(exists(file("file"))) && await(exists(file("dir"))) && await(exists(file("link"))));
            assertFalse(await(exists(file("dangling"))) || await(exists(file("nothing"))));
            assertTrue(await(isfile(file("file"))) && await(isfile(file("link"))));
            assertFalse(await(isfile(file("dir"))));
            assertTrue(await(isdir(file("dir"))));
            assertFalse(await(isdir(file("link"))));
            assertTrue(await(islink(file("link"))) && await(islink(file("dangling"))));
            assertFalse(await(islink(file("file"))));
            assertTrue(await(samefile(file("link"), file("file"))));
            assertFalse(await(samefile(file("dir"), file("file"))));
            assertEquals(5, await(getsize(file("link"))));
            assertEquals(Path.of("file"), await(readlink(file("link"))));
            assertTrue(await(access(file("file"), AccessMode.READ, AccessMode.WRITE)));
            assertFalse(await(access(file("file"), AccessMode.EXECUTE)));
            assertFalse(await(access(file("nothing"))));
            assertThrows(NoSuchFileException.class, () -> await(stat(file("dangling"))));
            assertTrue(await(lstat(file("dangling"))).isSymbolicLink());
            var usage = await(diskUsage(folder));
            assertTrue(usage.total() >= usage.used() + usage.free() && usage.free() > 0, usage.toString());
        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void toldAsStatTellsIt() throws Exception {
        Files.writeString(file("file"), "12345");
        Files.createLink(file("other"), file("file"));
        run(() -> {
            await(chmod(file("file"), 0640));
            var atime = Instant.parse("2001-02-03T04:05:06.123456789Z");
            var mtime = Instant.parse("2002-02-03T04:05:06Z");
            await(utime(file("file"), atime, mtime));
            var result = await(stat(file("file")));
            assertEquals(5, result.stSize());
            assertEquals(0100640, result.stMode());
            assertEquals(2, result.stNlink());
            assertEquals(atime, result.stAtime());
            assertEquals(mtime, result.stMtime());
            assertEquals(Files.getAttribute(file("file"), "unix:ino"), result.stIno());
            assertEquals(Files.getAttribute(file("file"), "unix:dev"), result.stDev());
            assertEquals(Files.getAttribute(file("file"), "unix:uid"), result.stUid());
            assertEquals(Files.getAttribute(file("file"), "unix:gid"), result.stGid());
            assertTrue(result.stCtime().isAfter(mtime));
            assertNotNull(result.stBirthtime());
            assertTrue(result.isRegularFile() && !result.isDirectory() && !result.isSymbolicLink());
            assertEquals(result, await(stat(file("other"))));
            assertEquals("<StatResult file, size=5, mtime=2002-02-03T04:05:06Z>", result.toString());
            await(chmod(file("file"), PosixFilePermissions.fromString("r--------")));
            assertEquals(0100400, await(stat(file("file"))).stMode());
            await(touch(file("file")));
            assertTrue(await(stat(file("file"))).stMtime().isAfter(mtime));
            await(touch(file("new")));
            assertEquals(0, await(getsize(file("new"))));
        });
    }

    @Test
    void makesAndRemovesDirectories() throws Exception {
        run(() -> {
            var deep = folder.resolve("a/b/c");
            await(makedirs(deep));
            assertThrows(FileAlreadyExistsException.class, () -> await(makedirs(deep)));
            await(makedirs(deep, true));
            assertThrows(FileAlreadyExistsException.class, () -> await(mkdir(deep)));
            assertThrows(NoSuchFileException.class, () -> await(mkdir(folder.resolve("x/y"))));
            assertThrows(DirectoryNotEmptyException.class, () -> await(rmdir(folder.resolve("a"))));
            await(rmdir(deep));
            await(touch(folder.resolve("keep")));
            await(removedirs(folder.resolve("a/b")));
            assertEquals(List.of("keep"), await(listdir(folder)));
            await(mkdir(folder.resolve("tree")));
            await(symlink(folder.resolve("keep"), folder.resolve("tree/link")));
            await(makedirs(folder.resolve("tree/sub")));
            await(writeText(folder.resolve("tree/sub/file"), "x"));
            await(rmtree(folder.resolve("tree")));
            assertEquals(List.of("keep"), await(listdir(folder)));
        });
    }

    // os.removedirs('f') raises NotADirectoryError; os.removedirs('link/empty') leaves the link; os.renames too
    @Test
    void removesDirectoriesOnly() throws Exception {
        run(() -> {
            var file = folder.resolve("file");
            await(touch(file));
            assertThrows(NotDirectoryException.class, () -> await(removedirs(file)));
            assertTrue(Files.exists(file));
            await(makedirs(folder.resolve("real/empty")));
            await(symlink(folder.resolve("real"), folder.resolve("link")));
            assertThrows(NotDirectoryException.class, () -> await(removedirs(folder.resolve("link"))));
            await(removedirs(folder.resolve("link/empty")));
            assertTrue(Files.isSymbolicLink(folder.resolve("link")));
            await(touch(folder.resolve("link/moved")));
            await(renames(folder.resolve("link/moved"), folder.resolve("to/here")));
            assertTrue(Files.isSymbolicLink(folder.resolve("link")));
            assertTrue(Files.exists(folder.resolve("to/here")));
        });
    }

    // Path('link').touch() makes what the link leads to; a directory has a new time
    @Test
    void touchesWhatThereIsOrMakesIt() throws Exception {
        run(() -> {
            await(symlink(folder.resolve("target"), folder.resolve("link")));
            await(touch(folder.resolve("link")));
            assertTrue(Files.isRegularFile(folder.resolve("target")));
            await(utime(folder, Instant.EPOCH, Instant.EPOCH));
            await(touch(folder));
            assertTrue(await(stat(folder)).stMtime().isAfter(Instant.EPOCH));
            assertThrows(NoSuchFileException.class, () -> await(touch(folder.resolve("none/file"))));
        });
    }

    @Test
    void renamesAndLinks() throws Exception {
        run(() -> {
            await(writeText(file("one"), "1"));
            await(writeText(file("two"), "2"));
            assertThrows(FileAlreadyExistsException.class, () -> await(rename(file("one"), file("two"))));
            await(replace(file("one"), file("two")));
            assertEquals("1", await(readText(file("two"))));
            await(rename(file("two"), file("three")));
            await(link(file("three"), file("four")));
            assertTrue(await(samefile(file("three"), file("four"))));
            await(unlink(file("four")));
            await(renames(file("three"), folder.resolve("new/dir/three")));
            assertEquals(List.of("new"), await(listdir(folder)));
            await(renames(folder.resolve("new/dir/three"), file("back")));
            assertEquals(List.of("back"), await(listdir(folder)));
            await(remove(file("back")));
            assertThrows(NoSuchFileException.class, () -> await(remove(file("back"))));
        });
    }

    @Test
    void scansDirectories() throws Exception {
        Files.writeString(file("file"), "12345");
        Files.createDirectory(file("dir"));
        Files.createSymbolicLink(file("link"), Path.of("dir"));
        Files.createSymbolicLink(file("dangling"), Path.of("nothing"));
        run(() -> {
            var entries = await(scandir(folder)).stream()
                    .map(entry -> entry.name() + " " + entry.isDir() + " " + entry.isFile() + " " + entry.isSymlink())
                    .collect(Collectors.toCollection(TreeSet::new));
            // [(e.name, e.is_dir(), e.is_file(), e.is_symlink()) for e in os.scandir(folder)]
            assertEquals(
                    Set.of(
                            "dangling false false true",
                            "dir true false false",
                            "file false true false",
                            "link true false true"),
                    entries);
            for (var entry : await(scandir(folder))) {
                assertEquals(folder.resolve(entry.name()), entry.path());
                if (entry.isFile()) assertEquals(5, entry.stat().stSize());
                assertEquals(entry.isSymlink(), entry.lstat().isSymbolicLink());
            }
        });
    }

    private static String shown(Path top, WalkEntry entry) {
        return top.relativize(entry.dirpath()) + ":" + new TreeSet<>(entry.dirnames())
                + new TreeSet<>(entry.filenames());
    }

    @Test
    void walksTrees() throws Exception {
        for (var dir : List.of("a/x", "a/y", "b")) {
            Files.createDirectories(folder.resolve(dir));
        }
        Files.writeString(folder.resolve("a/y/file"), "");
        Files.writeString(folder.resolve("top"), "");
        Files.createSymbolicLink(folder.resolve("b/link"), Path.of("../a"));
        run(() -> {
            var all = Set.of(":[a, b][top]", "a:[x, y][]", "a/x:[][]", "a/y:[][file]", "b:[link][]");
            var down = new ArrayList<String>();
            for (var entry : each(walk(folder))) {
                down.add(shown(folder, entry));
            }
            assertEquals(all, Set.copyOf(down));
            assertEquals(":[a, b][top]", down.get(0));
            assertTrue(down.indexOf("a:[x, y][]") < down.indexOf("a/y:[][file]"));
            var up = new ArrayList<String>();
            for (var entry : each(walk(folder, WalkOptions.DEFAULT.withTopdown(false)))) {
                up.add(shown(folder, entry));
            }
            assertEquals(all, Set.copyOf(up));
            assertEquals(":[a, b][top]", up.get(4));
            assertTrue(up.indexOf("a:[x, y][]") > up.indexOf("a/y:[][file]"));
            var pruned = new ArrayList<String>();
            for (var entry : each(walk(folder))) {
                entry.dirnames().remove("a");
                pruned.add(shown(folder, entry));
            }
            assertEquals(List.of(":[b][top]", "b:[link][]"), pruned);
            var followed = new ArrayList<String>();
            for (var entry : each(walk(folder, WalkOptions.DEFAULT.withFollowlinks(true)))) {
                followed.add(shown(folder, entry));
            }
            assertEquals(8, followed.size());
            assertTrue(followed.contains("b/link:[x, y][]"));
        });
    }

    @Test
    void tellsWhatAWalkCannotRead() throws Exception {
        run(() -> {
            var missing = folder.resolve("missing");
            for (var entry : each(walk(missing))) {
                fail(entry.toString());
            }
            var errors = new ArrayList<IOException>();
            for (var entry : each(walk(missing, WalkOptions.DEFAULT.withOnerror(errors::add)))) {
                fail(entry.toString());
            }
            assertEquals(1, errors.size());
            assertInstanceOf(NoSuchFileException.class, errors.get(0));
            var thrown = WalkOptions.DEFAULT.withOnerror(error -> {
                throw new IllegalStateException(error);
            });
            assertThrows(
                    IllegalStateException.class,
                    () -> await(walk(missing, thrown).anext()));
        });
    }
}
