/** The first program of asyncio's documentation. */
package samples.count;
