package asyncio.internal.http.session

/** The variables of this process; tests put their own in the place. */
internal object Environment {
    @Volatile var variables: Map<String, String> = System.getenv()
}
