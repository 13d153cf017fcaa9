using Rotation.Activities.AwsQuery;

namespace Amazon.AutoScaling;

/// <summary>Configuration of the client: endpoint or region, as AWSSDK.Core has it.</summary>
public sealed class AmazonAutoScalingConfig() : QueryServiceConfig("autoscaling", "2011-01-01");
