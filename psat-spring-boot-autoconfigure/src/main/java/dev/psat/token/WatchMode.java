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
	 * By polling alone.
	 */
	POLLING,

	/**
	 * Not at all: the source is not started, or stopped.
	 */
	STOPPED

}
