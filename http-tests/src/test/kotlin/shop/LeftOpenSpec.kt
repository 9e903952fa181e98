package shop

import asyncio.Asyncio.async
import asyncio.Asyncio.await
import asyncio.Asyncio.getRunningLoop
import asyncio.Asyncio.run
import asyncio.Asyncio.sleep
import asyncio.Coroutine
import asyncio.ExceptionContext
import asyncio.RunOptions
import asyncio.http.ClientResponse
import asyncio.http.ClientSession
import asyncio.internal.http.pool.QueueWatch
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import io.vertx.core.Vertx
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.TimeUnit

/** What is said of responses and sessions that nobody closed. */
class LeftOpenSpec :
    FunSpec({
        val vertx = Vertx.vertx()
        val server =
            vertx
                .createHttpServer()
                .requestHandler { request ->
                    val response = request.response()
                    if (request.path() == "/whole") {
                        response.end("whole")
                    } else {
                        // The rest of the body never comes.
                        response.putHeader("content-length", "100").write("begin")
                    }
                }.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
        val url = "http://localhost:${server.actualPort()}"
        val before = QueueWatch.longestWait

        beforeSpec { QueueWatch.longestWait = Duration.ofMillis(50) }
        afterSpec {
            QueueWatch.longestWait = before
            vertx.close()
        }

        /** Java bodies, so that each kind of fibers is on. */
        fun reportsOf(
            debug: Boolean,
            body: (ClientSession, MutableList<ExceptionContext>) -> Unit,
        ): List<ExceptionContext> {
            val reports = ArrayList<ExceptionContext>()
            val main: Coroutine<Void?> =
                async(
                    Callable<Void?> {
                        getRunningLoop().setExceptionHandler { _, context -> reports.add(context) }
                        ClientSession
                            .builder()
                            .limit(2)
                            .build()
                            .use { body(it, reports) }
                        null
                    },
                )
            if (debug) run(main, RunOptions.debugging()) else run(main)
            return reports
        }

        fun waitFor(reports: List<ExceptionContext>) {
            while (reports.isEmpty()) await(sleep(Duration.ofMillis(5)))
        }

        fun forget(session: ClientSession): ClientResponse = await(session.get("$url/half"))

        test("a request that waits for connections of responses that were left open is reported") {
            val kept = ArrayList<ClientResponse>()
            val reports =
                reportsOf(debug = false) { session, reports ->
                    repeat(2) { kept.add(forget(session)) }
                    val waiting = asyncio.Asyncio.ensureFuture(session.get("$url/whole"))
                    waitFor(reports)
                    kept.forEach(ClientResponse::close)
                    await(await(waiting).text()) shouldBe "whole"
                }
            reports shouldHaveSize 1
            val message = reports[0].message()
            message shouldStartWith
                "GET $url/whole has waited for a connection for 50 ms. 2 connections are in use, 2 of them by responses"
            message shouldContain "Debug mode tells where they were requested"
            message shouldContain "\tGET $url/half"
        }

        test("in debug mode with the places where they were requested") {
            val kept = ArrayList<ClientResponse>()
            val reports =
                reportsOf(debug = true) { session, reports ->
                    repeat(2) { kept.add(forget(session)) }
                    val waiting = asyncio.Asyncio.ensureFuture(session.get("$url/whole"))
                    waitFor(reports)
                    kept.forEach(ClientResponse::close)
                    await(await(waiting).text()) shouldBe "whole"
                }
            val message = reports.first { "has waited" in it.message() }.message()
            message shouldContain "LeftOpenSpec"
            message shouldNotContain "Debug mode tells"
            message.lines().count { "forget" in it } shouldBe 2
        }

        test("a queue that moves is not, nor one of responses that are being read") {
            reportsOf(debug = false) { session, _ ->
                val reading = List(2) { asyncio.Asyncio.createTask(async(Callable { await(forget(session).text()) })) }
                val waiting = asyncio.Asyncio.ensureFuture(session.get("$url/whole"))
                await(sleep(Duration.ofMillis(300)))
                reading.forEach { it.cancel() }
                await(await(waiting).text()) shouldBe "whole"
            }.shouldBeEmpty()
        }

        test("an unclosed session is reported with its place in debug mode") {
            val reports = ArrayList<ExceptionContext>()
            val main: Coroutine<Void?> =
                async(
                    Callable<Void?> {
                        getRunningLoop().setExceptionHandler { _, context -> reports.add(context) }
                        ClientSession.create()
                        null
                    },
                )
            run(main, RunOptions.debugging())
            val report = reports.first { it.message().startsWith("Unclosed client session") }
            report.details()["sourceTraceback"].toString() shouldContain "LeftOpenSpec"
        }
    })
