/** Sums files with a few workers that share a queue. */
package samples.sums;
