using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rotation.Activities.Notifications;

/// <summary>Puts notifications into a service collection.</summary>
internal static class NotificationRegistration
{
    /// <summary>Binds <see cref="NotificationOptions"/> and validates them at start.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NotificationOptions>().Bind(configuration.GetSection(NotificationOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NotificationOptions>, NotificationOptionsValidator>();
        services.AddSingleton(p => p.GetRequiredService<IOptions<NotificationOptions>>().Value);
        return services.AddSingleton<WebhookSender>();
    }
}
