/** Commands of the shell that run at once, with a time limit, and with their output as it comes. */
package samples.jobs;
