package benchmarks.http

import asyncio.Asyncio.gather
import asyncio.Coroutine
import asyncio.http.ClientSession
import asyncio.kotlin.await
import asyncio.kotlin.coroutine

/** What [OursKotlinHttp] measures. */
object OursKotlinHttpWork {
    @JvmStatic
    fun run(
        session: ClientSession,
        errand: Errand,
        url: String,
        clients: Int,
        requestsOfEach: Int,
    ): Coroutine<Unit> =
        coroutine {
            val coroutines = List(clients) { coroutine { repeat(requestsOfEach) { go(session, errand, url) } } }
            await(gather(coroutines))
        }

    private suspend fun go(
        session: ClientSession,
        errand: Errand,
        url: String,
    ) {
        val request =
            when (errand) {
                Errand.POST, Errand.UPLOAD -> session.post(url).body(errand.body()!!)
                Errand.POST_JSON -> session.post(url).json(Catalogue.EXAMPLE)
                else -> session.get(url)
            }
        await(request).use { response ->
            if (errand == Errand.GET_JSON) {
                await(response.json(Catalogue::class.java)).check()
            } else {
                errand.check(await(response.read()).size)
            }
        }
    }
}
