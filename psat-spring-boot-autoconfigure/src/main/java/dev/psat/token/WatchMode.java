package dev.psat.token;

/**
 * How a source notices that its file has changed.
 *
 * @since 0.1.0
 */
public enum WatchMode {

	/**
	 * By file events, with polling beside them.
	 */
	EVENTS,

	/**
	 * By polling alone: file events are not available, or not for every directory, or the
	 * JDK's watch service polls itself, as it does on systems other than Linux and
	 * Windows.
	 */
	POLLING,

	/**
	 * Not at all: the source is not started, or stopped.
	 */
	STOPPED

}
