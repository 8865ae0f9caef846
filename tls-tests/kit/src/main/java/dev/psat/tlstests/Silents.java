package dev.psat.tlstests;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who listens to a server that says nothing, as far as the application was told.
 */
public final class Silents {

	/** What those who hear events hear. */
	public static final String EVENT = "silence";

	private final Map<Object, Runnable> listeners = new ConcurrentHashMap<>();

	private final Set<Object> sockets = ConcurrentHashMap.newKeySet();

	/**
	 * Record that somebody hears events.
	 * @param listener stands for whoever does
	 * @param speaker sends another event
	 */
	public void listens(Object listener, Runnable speaker) {
		this.listeners.put(listener, speaker);
	}

	/**
	 * Record that the application was told that somebody does not hear events any more.
	 * @param listener stands for whoever did
	 */
	public void hasLeft(Object listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Record that a WebSocket was opened.
	 * @param socket the WebSocket
	 */
	public void opened(Object socket) {
		this.sockets.add(socket);
	}

	/**
	 * Record that the application was told that a WebSocket is closed.
	 * @param socket the WebSocket
	 */
	public void closed(Object socket) {
		this.sockets.remove(socket);
	}

	void speak() {
		this.listeners.values().forEach(Runnable::run);
	}

	int listeners() {
		return this.listeners.size();
	}

	int sockets() {
		return this.sockets.size();
	}

}
