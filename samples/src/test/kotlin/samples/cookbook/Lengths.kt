package samples.cookbook

import asyncio.http.ClientSession
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.gather
import asyncio.kotlin.http.bodyAsText
import asyncio.kotlin.http.use
import asyncio.kotlin.runAsyncio

suspend fun length(
    session: ClientSession,
    url: String,
): Int = session.get(url).use { response -> response.bodyAsText().length }

fun lengths(urls: List<String>): List<Int> =
    runAsyncio {
        ClientSession.create().use { session ->
            await(gather(*urls.map { coroutine { length(session, it) } }.toTypedArray()))
        }
    }
