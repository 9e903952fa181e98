/** Fetches many URLs at once, in one thread. */
package samples.http;
