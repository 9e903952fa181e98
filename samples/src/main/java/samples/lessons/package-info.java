/** The small programs of asyncio's tutorials, a class for each; {@code samples/run lessons} lists and runs them. */
package samples.lessons;
