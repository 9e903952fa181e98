/** A key-value server that speaks lines of text, and clients that put it under load. */
package samples.kv;
