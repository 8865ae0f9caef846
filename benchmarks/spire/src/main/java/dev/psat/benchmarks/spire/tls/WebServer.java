package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.benchmarks.spire.World;

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

	/**
	 * Return the properties of a server of our bundle, which the client and the prober
	 * may call.
	 * @param world where
	 * @return the properties
	 */
	List<String> properties(World world) {
		return Stream.concat(world.target(this.module).properties().stream(),
				Stream.of("server.ssl.bundle=spire", "spire.bundle.authorized-clients="
						+ World.id(ClientApplication.SERVICE_ACCOUNT) + "," + World.id(World.PEM)))
			.toList();
	}

	@Override
	public String toString() {
		return this.words;
	}

}
