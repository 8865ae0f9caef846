package dev.psat.docs.recipes;

import java.util.concurrent.Executor;

import dev.psat.spire.SpireIdentity;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;

// tag::grpc[]
final class JwtSvidCredentials extends CallCredentials {

	private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
			Metadata.ASCII_STRING_MARSHALLER);

	private final SpireIdentity identity;

	private final String audience;

	JwtSvidCredentials(SpireIdentity identity, String audience) {
		this.identity = identity;
		this.audience = audience;
	}

	@Override
	public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
		if (request.getSecurityLevel() != SecurityLevel.PRIVACY_AND_INTEGRITY) {
			applier.fail(Status.UNAUTHENTICATED.withDescription("A JWT-SVID is only for private connections"));
			return;
		}
		executor.execute(() -> apply(applier));
	}

	private void apply(MetadataApplier applier) {
		try {
			Metadata headers = new Metadata();
			headers.put(AUTHORIZATION, "Bearer " + this.identity.jwtSvid(this.audience).token());
			applier.apply(headers);
		}
		catch (RuntimeException ex) {
			applier.fail(Status.UNAVAILABLE.withDescription("There is no JWT-SVID").withCause(ex));
		}
	}

}
// end::grpc[]
