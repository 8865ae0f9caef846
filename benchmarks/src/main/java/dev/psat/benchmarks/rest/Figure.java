package dev.psat.benchmarks.rest;

/**
 * What an idle application costs, in the order in which it tells.
 */
enum Figure {

	/** Processor time of the threads that watch, in nanoseconds. */
	WATCH_CPU("watching thread (`psat-token-watch`), share of a core"),

	/** That of the threads of the JDK's watch services. */
	JDK_CPU("JDK's thread behind it, share of a core"),

	/** That of the whole process. */
	PROCESS_CPU("all threads of the JVM, with the starter"),

	OUR_THREADS("threads of ours"),

	JDK_THREADS("threads of the JDK's watch services"),

	/** Bytes in use after a full collection. */
	HEAP("retained heap"),

	INOTIFY("inotify instances"),

	DESCRIPTORS("descriptors"),

	/** Sources without file events. */
	POLLING("sources that poll alone");

	private final String text;

	Figure(String text) {
		this.text = text;
	}

	/**
	 * Return this figure.
	 * @param figures what an application has told
	 * @return the figure
	 */
	double of(long[] figures) {
		return figures[ordinal()];
	}

	@Override
	public String toString() {
		return this.text;
	}

}
