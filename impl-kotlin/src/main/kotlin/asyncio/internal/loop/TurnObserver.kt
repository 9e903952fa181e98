package asyncio.internal.loop

/** Takes part in the turns of one loop. On the loop's thread. */
internal interface TurnObserver {
    /** Gives [item] its turn. */
    fun turn(item: Ready)

    /** The loop has nothing to do. */
    fun idle()
}
