package asyncio.internal.http.ws

import asyncio.http.WSCloseCode

/** RFC 6455, 7.4, with what was registered since. */
internal object CloseCodes {
    /** Whether [code] may stand in a frame. */
    fun maySend(code: Int): Boolean =
        when (code) {
            in 3000..4999 -> true
            WSCloseCode.NO_STATUS, WSCloseCode.ABNORMAL_CLOSURE -> false
            in WSCloseCode.OK..WSCloseCode.UNSUPPORTED_DATA -> true
            in WSCloseCode.INVALID_TEXT..WSCloseCode.BAD_GATEWAY -> true
            else -> false
        }
}
