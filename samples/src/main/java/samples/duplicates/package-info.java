/** Files with the same content, below a folder. */
package samples.duplicates;
