package dev.psat.spire.client;

import java.util.List;
import java.util.stream.Stream;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.GetAuthorizedEntriesRequest;
import dev.psat.spire.test.proto.GetBundleRequest;
import dev.psat.spire.test.proto.NewJWTSVIDRequest;
import dev.psat.spire.test.proto.WorkloadProto;
import dev.psat.spire.test.proto.rpc.Status;

/**
 * The messages of the SPIRE Server API and of the Workload API, as protoc knows them.
 */
final class ApiMessages {

	private static final List<FileDescriptor> FILES = Stream
		.of(AttestAgentRequest.getDescriptor(), Bundle.getDescriptor(), GetBundleRequest.getDescriptor(),
				GetAuthorizedEntriesRequest.getDescriptor(), NewJWTSVIDRequest.getDescriptor(), Status.getDescriptor())
		.map(Descriptor::getFile)
		.toList();

	private ApiMessages() {
	}

	/**
	 * Return all messages, those within others included.
	 */
	static Stream<Descriptor> all() {
		return FILES.stream().flatMap((file) -> withNested(file.getMessageTypes()));
	}

	private static Stream<Descriptor> withNested(List<Descriptor> messages) {
		return messages.stream()
			.flatMap((message) -> Stream.concat(Stream.of(message), withNested(message.getNestedTypes())));
	}

	/**
	 * Return all messages of the Workload API that the client writes or reads. It never
	 * asks the agent to verify a JWT-SVID.
	 */
	static Stream<Descriptor> ofWorkloads() {
		return withNested(WorkloadProto.getDescriptor().getMessageTypes())
			.filter((message) -> !message.getName().startsWith("Validate"));
	}

	static Descriptor named(String name) {
		return all().filter((message) -> message.getName().equals(name)).findFirst().orElseThrow();
	}

}
