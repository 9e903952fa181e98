/** What a running program tells about itself: the code of docs/debugging.md. */
package samples.debugging;
