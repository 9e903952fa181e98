package asyncio.internal.http.session

/** The variables of this process; tests put their own in the place. */
internal object EnvVars {
    @Volatile var variables: Map<String, String> = System.getenv()
}
