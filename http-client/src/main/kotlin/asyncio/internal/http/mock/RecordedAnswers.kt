package asyncio.internal.http.mock

import asyncio.http.MockResponse

/** What a mock transport answers before it looks for a route. */
internal interface RecordedAnswers {
    /** What answers [call]; null if nothing does. */
    fun find(call: MockCallImpl): (() -> MockResponse)?

    /** Which ones have not answered, for a message. */
    fun unused(): List<String>

    /** Which ones would have answered something like [call], for a message. */
    fun nearest(call: MockCallImpl): String
}
