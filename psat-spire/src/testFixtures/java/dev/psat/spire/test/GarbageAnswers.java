package dev.psat.spire.test;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.AttestAgentResponse;
import dev.psat.spire.test.proto.BatchNewX509SVIDResponse;
import dev.psat.spire.test.proto.JWTSVID;
import dev.psat.spire.test.proto.NewJWTSVIDResponse;
import dev.psat.spire.test.proto.X509SVID;

/**
 * Lets a simulated server answer with messages that are well-formed, and hold what is no
 * SVID of the caller.
 */
public final class GarbageAnswers {

	private GarbageAnswers() {
	}

	public static void attestation(SimulatedSpireServer server, String garbage) {
		server.faults()
			.answerNext(SpireMethod.ATTEST_AGENT,
					AttestAgentResponse.newBuilder()
						.setResult(AttestAgentResponse.Result.newBuilder().setSvid(svid(garbage)))
						.build());
	}

	public static void x509Svid(SimulatedSpireServer server, String garbage) {
		server.faults()
			.answerNext(SpireMethod.BATCH_NEW_X509_SVID,
					BatchNewX509SVIDResponse.newBuilder()
						.addResults(BatchNewX509SVIDResponse.Result.newBuilder().setSvid(svid(garbage)))
						.build());
	}

	public static void jwtSvid(SimulatedSpireServer server, String garbage) {
		server.faults()
			.answerNext(SpireMethod.NEW_JWT_SVID,
					NewJWTSVIDResponse.newBuilder().setSvid(JWTSVID.newBuilder().setToken(garbage)).build());
	}

	private static X509SVID svid(String garbage) {
		return X509SVID.newBuilder().addCertChain(ByteString.copyFromUtf8(garbage)).build();
	}

}
