/** Programs to run and to read; {@link samples.Main} starts them. */
package samples;
