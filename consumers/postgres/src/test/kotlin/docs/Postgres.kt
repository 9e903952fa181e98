package docs

import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.TimeoutException
import asyncio.kotlin.coroutine
import asyncio.kotlin.createTask
import asyncio.kotlin.iterator
import asyncio.kotlin.sleep
import asyncio.kotlin.timeout
import asyncio.kotlin.vertx.await
import asyncio.kotlin.vertx.items
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.matchers.shouldBe
import io.vertx.pgclient.PgConnection
import io.vertx.sqlclient.Pool
import io.vertx.sqlclient.Row
import io.vertx.sqlclient.RowSet
import io.vertx.sqlclient.SqlConnection
import io.vertx.sqlclient.Tuple
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import asyncio.kotlin.await as awaitTask

// ---- recipes

suspend fun namesOf(
    pool: Pool,
    least: Int,
): List<String> {
    val query = pool.preparedQuery("SELECT name FROM account WHERE balance >= $1 ORDER BY name")
    return await(query.execute(Tuple.of(least))).map { it.getString("name") }
}

suspend fun <T> Pool.transaction(block: suspend (SqlConnection) -> T): T {
    val connection = await(this.connection)
    try {
        val transaction = await(connection.begin())
        try {
            return block(connection).also { await(transaction.commit()) }
        } catch (failed: Throwable) {
            await(transaction.rollback())
            throw failed
        }
    } finally {
        await(connection.close())
    }
}

suspend fun sum(
    connection: SqlConnection,
    query: String,
): Long {
    val rows = await(connection.prepare(query)).createStream(50)
    try {
        var sum = 0L
        for (row in rows.items()) sum += row.getLong(0)
        return sum
    } finally {
        await(rows.close())
    }
}

/** Has the server stop a query whose task is cancelled. */
suspend fun query(
    pool: Pool,
    sql: String,
): RowSet<Row> {
    val connection = await(pool.connection)
    try {
        val running = connection.query(sql).execute()
        try {
            return await(running)
        } catch (cancelled: CancelledError) {
            await(PgConnection.cast(connection).cancelRequest())
            // Only then may others have the connection.
            await(running.otherwiseEmpty())
            throw cancelled
        }
    } finally {
        await(connection.close())
    }
}

suspend fun queryWithinASecond(
    pool: Pool,
    sql: String,
): RowSet<Row> = timeout(1.seconds) { query(pool, sql) }

// ---- what PostgresTest runs

fun useOf(pool: Pool): Coroutine<Unit> =
    coroutine {
        namesOf(pool, 1) shouldBe listOf("ann", "zoe")

        shouldThrow<IllegalStateException> {
            pool.transaction { connection ->
                await(connection.query("DELETE FROM account").execute())
                error("no")
            }
        }
        namesOf(pool, 0).size shouldBe 3
        pool.transaction { sum(it, "SELECT generate_series(1, 1000)") } shouldBe 500500L

        val task = createTask { query(pool, "SELECT pg_sleep(100)") }
        while (countOfSleeps(pool) == 0L) sleep(5.milliseconds)
        task.cancel()
        shouldThrow<CancelledError> { awaitTask(task) }
        countOfSleeps(pool) shouldBe 0L

        shouldThrow<TimeoutException> { queryWithinASecond(pool, "SELECT pg_sleep(100)") }
        countOfSleeps(pool) shouldBe 0L
    }

private suspend fun countOfSleeps(pool: Pool): Long {
    val sql =
        "SELECT count(*) FROM pg_stat_activity" +
            " WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep%'"
    return await(pool.query(sql).execute()).first().getLong(0)
}
