package dev.psat.spire.wire.internal;

import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spiffe.internal.JsonReader;
import dev.psat.spiffe.internal.PublicKeys;

/**
 * Initializes classes before they are used. Callers bring their own threads: where a
 * stack or the heap ends within a static initializer, the class is broken for the life of
 * the JVM.
 */
public final class Initialization {

	private Initialization() {
	}

	/**
	 * Initialize the classes of a client, and those that all clients use.
	 * @param types the classes
	 */
	public static void of(Class<?>... types) {
		Stream<Class<?>> common = Stream.of(ReturnedJwt.class, UserAgents.class, SpiffeId.class, TrustBundle.class,
				TrustDomain.class, X509Svid.class, JsonReader.class, PublicKeys.class);
		// only their package sees them
		Stream<String> hidden = Stream.of("dev.psat.spiffe.SignatureAlgorithms", "dev.psat.spiffe.SvidVerifier");
		Stream.concat(Stream.concat(Stream.of(types), common).map(Class::getName), hidden)
			.forEach(Initialization::initialize);
	}

	private static void initialize(String name) {
		try {
			Class.forName(name, true, Initialization.class.getClassLoader());
		}
		catch (ClassNotFoundException ex) {
			// where nothing may be found by its name, each is initialized when it is used
		}
	}

}
