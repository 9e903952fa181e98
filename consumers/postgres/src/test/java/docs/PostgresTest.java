package docs;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static asyncio.vertx.Streams.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import asyncio.vertx.AsyncioVerticle;
import asyncio.vertx.AsyncioVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client of Vert.x for PostgreSQL in coroutines, against a PostgreSQL, and what docs/vertx.md shows of it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresTest {
    @RegisterExtension
    static final PostgresServer SERVER = new PostgresServer();

    // ---- recipes

    static List<String> namesOf(Pool pool, int least) {
        var names = new ArrayList<String>();
        var query = pool.preparedQuery("SELECT name FROM account WHERE balance >= $1 ORDER BY name");
        for (var row : await(query.execute(Tuple.of(least)))) {
            names.add(row.getString("name"));
        }
        return names;
    }

    static void transfer(Pool pool, String from, String to, int amount) {
        var update = "UPDATE account SET balance = balance + $2 WHERE name = $1";
        var connection = await(pool.getConnection());
        try {
            var transaction = await(connection.begin());
            try {
                await(connection.preparedQuery(update).execute(Tuple.of(from, -amount)));
                await(connection.preparedQuery(update).execute(Tuple.of(to, amount)));
                await(transaction.commit());
            } catch (Throwable failed) {
                await(transaction.rollback());
                throw failed;
            }
        } finally {
            await(connection.close());
        }
    }

    static long sum(SqlConnection connection, String query) {
        var transaction = await(connection.begin());
        var rows = await(connection.prepare(query)).createStream(50);
        try {
            var sum = 0L;
            for (var row : each(items(rows))) {
                sum += row.getLong(0);
            }
            return sum;
        } finally {
            await(rows.close());
            await(transaction.rollback());
        }
    }

    /** Has the server stop a query whose task is cancelled. */
    static Coroutine<RowSet<Row>> query(Pool pool, String sql) {
        return async(() -> {
            var connection = await(pool.getConnection());
            try {
                var running = connection.query(sql).execute();
                try {
                    return await(running);
                } catch (CancelledError cancelled) {
                    await(PgConnection.cast(connection).cancelRequest());
                    // Only then may others have the connection.
                    await(running.otherwiseEmpty());
                    throw cancelled;
                }
            } finally {
                await(connection.close());
            }
        });
    }

    static Coroutine<RowSet<Row>> queryWithinASecond(Pool pool, String sql) {
        return waitFor(query(pool, sql), ofSeconds(1));
    }

    // ---- tests

    private interface UseOfPool {
        void use(Pool pool) throws Exception;
    }

    private static void withPool(int size, UseOfPool use) throws Exception {
        var vertx = Vertx.vertx();
        try {
            AsyncioVertx.run(vertx, () -> {
                var pool = SERVER.pool(vertx, size);
                try {
                    use.use(pool);
                } finally {
                    await(pool.close());
                }
            });
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    private static void execute(Pool pool, String sql) {
        await(pool.query(sql).execute());
    }

    private static void makeAccounts(Pool pool) {
        execute(pool, "DROP TABLE IF EXISTS account");
        execute(pool, "CREATE TABLE account (name TEXT PRIMARY KEY, balance INT NOT NULL CHECK (balance >= 0))");
        execute(pool, "INSERT INTO account VALUES ('ann', 10), ('bob', 0), ('zoe', 5)");
    }

    private static int balance(Pool pool, String name) {
        return await(pool.preparedQuery("SELECT balance FROM account WHERE name = $1")
                        .execute(Tuple.of(name)))
                .iterator()
                .next()
                .getInteger(0);
    }

    private static long running(Pool pool, String text) {
        return await(pool.preparedQuery("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                                + " AND pid <> pg_backend_pid() AND query LIKE $1")
                        .execute(Tuple.of("%" + text + "%")))
                .iterator()
                .next()
                .getLong(0);
    }

    private static void awaitRunning(Pool pool, String text, int count) {
        while (running(pool, text) != count) {
            await(sleep(ofMillis(5)));
        }
    }

    @Test
    void queriesAreAwaited() throws Exception {
        withPool(2, pool -> {
            makeAccounts(pool);

            assertEquals(List.of("ann", "zoe"), namesOf(pool, 1));
            var failure = assertThrows(PgException.class, () -> execute(pool, "SELECT * FROM nothing"));
            assertEquals("42P01", failure.getSqlState());
        });
    }

    @Test
    void queriesOfManyTasksShareThePool() throws Exception {
        withPool(4, pool -> {
            var queries = new ArrayList<Coroutine<RowSet<Row>>>();
            for (var i = 0; i < 100; i++) queries.add(query(pool, "SELECT " + i));

            var results = await(gather(queries));

            for (var i = 0; i < 100; i++) {
                assertEquals(i, results.get(i).iterator().next().getInteger(0));
            }
        });
    }

    @Test
    void aTransactionIsCommittedOrRolledBack() throws Exception {
        withPool(2, pool -> {
            makeAccounts(pool);

            transfer(pool, "ann", "bob", 4);
            assertEquals(6, balance(pool, "ann"));
            assertEquals(4, balance(pool, "bob"));

            assertThrows(PgException.class, () -> transfer(pool, "bob", "ann", 5));
            assertEquals(6, balance(pool, "ann"));
            assertEquals(4, balance(pool, "bob"));
        });
    }

    @Test
    void aTransactionOfACancelledTaskIsRolledBack() throws Exception {
        withPool(3, pool -> {
            makeAccounts(pool);
            var holder = await(pool.getConnection());
            var lock = await(holder.begin());
            await(holder.query("SELECT * FROM account WHERE name = 'bob' FOR UPDATE")
                    .execute());
            var task = createTask(async(() -> transfer(pool, "ann", "bob", 4)));
            awaitRunning(pool, "UPDATE account", 1);

            task.cancel();
            // The rollback waits for the update, and that for the lock.
            await(lock.rollback());
            await(holder.close());

            assertThrows(CancelledError.class, () -> await(task));
            assertEquals(10, balance(pool, "ann"));
            assertEquals(0, balance(pool, "bob"));
        });
    }

    @Test
    void rowsAreStreamedWithBackPressure() throws Exception {
        withPool(2, pool -> {
            execute(pool, "DROP SEQUENCE IF EXISTS produced");
            execute(pool, "CREATE SEQUENCE produced");
            var connection = await(pool.getConnection());
            var transaction = await(connection.begin());
            var rows = await(connection.prepare("SELECT nextval('produced') FROM generate_series(1, 100000)"))
                    .createStream(50);
            var seen = 0;
            for (var row : each(items(rows))) {
                assertEquals(++seen, row.getLong(0));
                if (seen == 100) break;
            }
            // Asked on another connection, while this one could bring more.
            await(sleep(ofMillis(50)));
            var produced = await(pool.query("SELECT last_value FROM produced").execute())
                    .iterator()
                    .next()
                    .getLong(0);
            await(rows.close());
            await(transaction.rollback());

            assertEquals(5000050000L, sum(connection, "SELECT generate_series(1, 100000)"));
            await(connection.close());
            assertTrue(produced <= 200, "The server has made " + produced + " rows, of which 100 were asked for");
        });
    }

    @Test
    void aCancelledTaskHasItsQueryStopped() throws Exception {
        withPool(2, pool -> {
            var task = createTask(query(pool, "SELECT pg_sleep(100)"));
            awaitRunning(pool, "pg_sleep", 1);

            task.cancel();
            assertThrows(CancelledError.class, () -> await(task));

            assertEquals(0, running(pool, "pg_sleep"));
            // Both connections of the pool are usable.
            var both = await(gather(query(pool, "SELECT 1"), query(pool, "SELECT 2")));
            assertEquals(2, both.size());
        });
    }

    @Test
    void aQueryThatTakesTooLongIsStopped() throws Exception {
        withPool(2, pool -> {
            assertThrows(TimeoutException.class, () -> await(queryWithinASecond(pool, "SELECT pg_sleep(100)")));

            assertEquals(0, running(pool, "pg_sleep"));
        });
    }

    @Test
    void aQueryThatIsOnlyAbandonedGoesOn() throws Exception {
        withPool(2, pool -> {
            var task = createTask(
                    async(() -> await(pool.query("SELECT pg_sleep(100)").execute())));
            awaitRunning(pool, "pg_sleep", 1);

            task.cancel();
            assertThrows(CancelledError.class, () -> await(task));

            assertEquals(
                    1, running(pool, "pg_sleep"), "If this fails: Vert.x stops it now, and docs/vertx.md need not");
            await(pool.query(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
                    .execute());
            awaitRunning(pool, "pg_sleep", 0);
        });
    }

    @Test
    void itWorksInAVerticle() throws Exception {
        final class Accounts extends AsyncioVerticle {
            private List<String> names;

            @Override
            public void start() {
                var pool = SERVER.pool(vertx, 2);
                makeAccounts(pool);
                names = namesOf(pool, 0);
                await(pool.close());
            }
        }
        var vertx = Vertx.vertx();
        try {
            var accounts = new Accounts();
            get(vertx.deployVerticle(accounts));
            assertEquals(List.of("ann", "bob", "zoe"), accounts.names);
        } finally {
            get(vertx.close());
        }
    }

    private static void get(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void itIsAlikeInKotlin() throws Exception {
        withPool(3, pool -> {
            makeAccounts(pool);
            await(PostgresKt.useOf(pool));
            assertEquals(0, running(pool, "pg_sleep"));
        });
    }
}
