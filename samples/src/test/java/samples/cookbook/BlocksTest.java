package samples.cookbook;

import static asyncio.Asyncio.*;
import static asyncio.ExceptionGroup.on;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.AsyncContextManager;
import asyncio.AsyncExitStack;
import asyncio.AsyncGenerator;
import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import asyncio.Lock;
import asyncio.TimeoutException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Context managers, the end of async generators, and exception groups. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlocksTest {
    private static final List<String> log = new ArrayList<>();

    // ---- what the recipes use

    /** Of a database that answers at once, and knows no statement with "bad" in it. */
    record Connection(String name) {
        static Coroutine<Connection> open(String name) {
            return async(() -> {
                await(sleep(ZERO));
                if (name.contains("bad")) {
                    throw new IOException("no database " + name);
                }
                log.add("open " + name);
                return new Connection(name);
            });
        }

        Coroutine<Void> execute(String statement) {
            return async(() -> {
                await(sleep(ZERO));
                log.add(statement);
                if (statement.contains("bad")) {
                    throw new IOException("syntax error");
                }
            });
        }

        /** The number of the next page; 0 behind the last one. */
        Coroutine<Integer> nextPage(int page) {
            return sleep(ZERO, page < 3 ? page + 1 : 0);
        }

        Coroutine<Void> aclose() {
            return async(() -> {
                await(sleep(ZERO));
                log.add("close " + name);
            });
        }
    }

    // ---- recipes: blocks

    static Coroutine<Integer> nextId(Lock lock, Path path) {
        return async(() -> using(lock, () -> {
            int number = Integer.parseInt(Files.readString(path)) + 1;
            Files.writeString(path, "" + number);
            return number;
        }));
    }

    static void showFirstLine(Lock lock, Path path) {
        try {
            with(lock, () -> {
                log.add(Files.readAllLines(path).get(0));
            });
        } catch (IOException e) {
            log.add("cannot read: " + path.getFileName());
        }
    }

    static Coroutine<String> countAndTime(List<Coroutine<String>> jobs) {
        return async(() -> {
            var limit = timeout(ofSeconds(5));
            var results = using(limit, () -> await(gather(jobs)));
            return results.size() + " until " + limit.when();
        });
    }

    static Coroutine<String> readOr(Path path, String otherwise) {
        return async(() -> {
            try {
                return await(toThread(() -> Files.readString(path)), IOException.class);
            } catch (IOException e) {
                return otherwise;
            }
        });
    }

    // ---- recipes: context managers

    static Coroutine<Void> transfer(Lock lock, Connection connection) {
        return async(() -> with(lock, () -> {
            await(connection.execute("debit"));
            await(connection.execute("credit"));
        }));
    }

    static AsyncContextManager<Connection> connection(String name) {
        return asyncContextManager(out -> {
            var connection = await(Connection.open(name));
            try {
                out.yield(connection);
            } finally {
                await(connection.aclose());
            }
        });
    }

    static AsyncContextManager<Connection> transaction(Connection connection) {
        return asyncContextManager(out -> {
            await(connection.execute("begin"));
            try {
                out.yield(connection);
            } catch (Throwable e) {
                await(connection.execute("rollback"));
                throw e;
            }
            await(connection.execute("commit"));
        });
    }

    static Coroutine<Void> insert(String... statements) {
        return async(() -> with(connection("db"), connection -> {
            with(transaction(connection), () -> {
                for (var statement : statements) {
                    await(connection.execute(statement));
                }
            });
        }));
    }

    static final class TemporaryFolder implements AsyncContextManager<Path> {
        private Path folder;

        @Override
        public Awaitable<Path> aenter() {
            return async(() -> folder = await(toThread(() -> Files.createTempDirectory("blocks"))));
        }

        @Override
        public Awaitable<Boolean> aexit(Throwable error) {
            return async(() -> {
                await(toThread(() -> Files.delete(folder)));
                return false;
            });
        }
    }

    static Coroutine<Void> executeOnAll(List<String> names, String statement) {
        return async(() -> with(AsyncExitStack.create(), stack -> {
            for (var name : names) {
                var connection = await(stack.enterAsyncContext(connection(name)));
                await(connection.execute(statement));
            }
        }));
    }

    // ---- recipes: generators

    static AsyncGenerator<Integer> pages(Connection connection) {
        return asyncGenerator(out -> {
            await(connection.execute("open cursor"));
            try {
                int page = 1;
                while (page != 0) {
                    out.yield(page);
                    page = await(connection.nextPage(page));
                }
            } finally {
                await(connection.execute("close cursor"));
            }
        });
    }

    static Coroutine<List<Integer>> pagesBefore(AsyncGenerator<Integer> pages, int end) {
        return async(() -> {
            var seen = new ArrayList<Integer>();
            with(aclosing(pages), () -> {
                for (var page : each(pages)) {
                    if (page == end) {
                        break;
                    }
                    seen.add(page);
                }
            });
            return seen;
        });
    }

    // ---- recipes: exception groups

    static Coroutine<Void> executeAtOnce(Connection connection, List<String> statements) {
        return async(() -> {
            try {
                with(taskGroup(), group -> {
                    for (var statement : statements) {
                        group.createTask(connection.execute(statement));
                    }
                });
            } catch (ExceptionGroup group) {
                group.handle(
                        on(IOException.class, failures -> log.add("failed: " + failures.exceptions())),
                        on(TimeoutException.class, failures -> log.add("too slow")));
            }
        });
    }

    static void reportAndThrowAgain(ExceptionGroup group) {
        group.handle(on(IOException.class, failures -> {
            log.add("failed: " + failures.exceptions());
            throw failures;
        }));
    }

    static List<String> messagesOf(ExceptionGroup group, Class<? extends Throwable> type) {
        var part = group.subgroup(type);
        return part == null
                ? List.of()
                : part.exceptions().stream().map(Throwable::getMessage).toList();
    }

    // ---- tests

    private static List<String> logOf(Action main) {
        log.clear();
        run(async(main));
        return List.copyOf(log);
    }

    @Test
    void holdsALock() {
        assertEquals(List.of("debit", "credit", "debit", "credit"), logOf(() -> {
            var lock = Lock.create();
            var connection = new Connection("db");
            await(gather(transfer(lock, connection), transfer(lock, connection)));
        }));
    }

    @Test
    void commitsOrRollsBack() {
        assertEquals(
                List.of("open db", "begin", "insert 1", "insert 2", "commit", "close db"),
                logOf(() -> await(insert("insert 1", "insert 2"))));
        assertEquals(
                List.of("open db", "begin", "insert 1", "bad", "rollback", "close db"),
                logOf(() -> assertThrows(IOException.class, () -> await(insert("insert 1", "bad")))));
    }

    @Test
    void rollsBackWhenTheTimeIsOver() {
        assertEquals(
                List.of("begin", "rollback"),
                logOf(() -> assertThrows(
                        TimeoutException.class,
                        () -> with(timeout(ofMillis(20)), () -> {
                            with(transaction(new Connection("db")), () -> {
                                await(sleep(ofSeconds(100)));
                            });
                        }))));
    }

    @Test
    void countsUpInAFile(@TempDir Path folder) throws IOException {
        var path = Files.writeString(folder.resolve("id"), "41");
        assertEquals(42, run(() -> await(nextId(Lock.create(), path))));
        assertEquals("42", Files.readString(path));
    }

    @Test
    void countsAndTellsTheDeadline() {
        var told = run(() -> await(countAndTime(List.of(sleep(ZERO, "a"), sleep(ZERO, "b")))));
        assertTrue(told.matches("2 until PT5\\.?\\d*S"), told);
    }

    @Test
    void readsOrGivesSomethingElse(@TempDir Path folder) throws IOException {
        var path = Files.writeString(folder.resolve("there"), "text");
        assertEquals("text", run(readOr(path, "none")));
        assertEquals("none", run(readOr(folder.resolve("missing"), "none")));
    }

    @Test
    void showsAFile(@TempDir Path folder) throws IOException {
        var path = Files.writeString(folder.resolve("lines"), "one\ntwo\n");
        assertEquals(List.of("one", "cannot read: none"), logOf(() -> {
            var lock = Lock.create();
            showFirstLine(lock, path);
            showFirstLine(lock, folder.resolve("none"));
        }));
    }

    @Test
    void deletesAFolder() {
        var folders = new ArrayList<Path>();
        run(() -> with(new TemporaryFolder(), folder -> {
            assertTrue(Files.isDirectory(folder));
            folders.add(folder);
        }));
        assertFalse(Files.exists(folders.get(0)));
    }

    @Test
    void closesAsManyAsWereOpened() {
        assertEquals(
                List.of("open a", "select", "open b", "select", "close b", "close a"),
                logOf(() -> await(executeOnAll(List.of("a", "b"), "select"))));
        assertEquals(
                List.of("open a", "select", "close a"),
                logOf(() -> assertThrows(
                        IOException.class, () -> await(executeOnAll(List.of("a", "a bad one", "b"), "select")))));
    }

    @Test
    void closesAGeneratorThatIsLeft() {
        assertEquals(
                List.of("open cursor", "close cursor", "[1]"),
                logOf(() -> log.add("" + await(pagesBefore(pages(new Connection("db")), 2)))));
        assertEquals(
                List.of("open cursor", "close cursor", "[1, 2, 3]"),
                logOf(() -> log.add("" + await(pagesBefore(pages(new Connection("db")), 9)))));
    }

    @Test
    void closesGeneratorsAtTheEnd() {
        assertEquals(List.of("open cursor", "left", "close cursor"), logOf(() -> {
            for (var page : each(pages(new Connection("db")))) {
                assertEquals(1, page);
                break;
            }
            log.add("left");
        }));
    }

    @Test
    void handlesWhatFailed() {
        assertEquals(
                List.of("select", "bad", "failed: [java.io.IOException: syntax error]"),
                logOf(() -> await(executeAtOnce(new Connection("db"), List.of("select", "bad")))));
        var other = new ExceptionGroup("it", List.of(new IOException("disk"), new IllegalStateException("bug")));
        log.clear();
        assertSame(other, assertThrows(ExceptionGroup.class, () -> reportAndThrowAgain(other)));
        assertEquals(List.of("failed: [java.io.IOException: disk]"), log);
        assertEquals(List.of("disk"), messagesOf(other, IOException.class));
        assertEquals(List.of(), messagesOf(other, TimeoutException.class));
    }
}
