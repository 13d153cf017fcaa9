using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rotation.Activities.Approvals;

/// <summary>Puts the check of approvals into a service collection.</summary>
internal static class ApprovalRegistration
{
    /// <summary>Binds <see cref="ApprovalOptions"/> and validates them at start.</summary>
    public static IServiceCollection AddApprovals(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ApprovalOptions>().Bind(configuration.GetSection(ApprovalOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApprovalOptions>, ApprovalOptionsValidator>();
        services.AddSingleton(p => p.GetRequiredService<IOptions<ApprovalOptions>>().Value);
        return services.AddSingleton<TokenRules>().AddSingleton<ApprovalVerifier>();
    }
}
