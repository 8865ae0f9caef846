package dev.psat.token;

/**
 * How a source notices that its file has changed.
 *
 * @since 0.1.0
 */
public enum WatchMode {

	/** By file events, in addition to polling. */
	EVENTS,

	/**
	 * Only by polling: file events are not available, or not for every directory, or the
	 * JDK's watch service itself polls, as it does on systems other than Linux and
	 * Windows.
	 */
	POLLING,

	/** Not at all: the source has not been started or has been stopped. */
	STOPPED

}
