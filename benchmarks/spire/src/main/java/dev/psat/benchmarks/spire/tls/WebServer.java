package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the application's server is made of.
 */
enum WebServer {

	TOMCAT("Tomcat", "tls-server-tomcat"),

	REACTOR_NETTY("Reactor Netty", "tls-server-reactor-netty");

	private final String words;

	private final String module;

	WebServer(String words, String module) {
		this.words = words;
		this.module = module;
	}

	String classPath() throws IOException {
		return Files.readString(Path.of("benchmarks", this.module, "target", "classpath")).strip();
	}

	/**
	 * Return the service account of the pod that serves our bundle.
	 * @return the service account
	 */
	String serviceAccount() {
		return this.module;
	}

	@Override
	public String toString() {
		return this.words;
	}

}
