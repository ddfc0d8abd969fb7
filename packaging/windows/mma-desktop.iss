; Inno Setup's recipe for a Windows installer of the one-folder build:
;   iscc /DVersion=0.1.0 packaging\windows\mma-desktop.iss
; A project is a folder, which Windows gives no type: it gets an entry in the menu of folders that end in .mma.

#define App "MMA Desktop"
#define Program "mma-desktop.exe"
#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0
#endif

[Setup]
AppId={{6E0C4C58-5B7C-4A1E-9C0B-0A5C0E6D5B11}
AppName={#App}
AppVersion={#Version}
AppPublisher=The mma-desktop contributors
DefaultDirName={autopf}\{#App}
DefaultGroupName={#App}
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\icons\mma-desktop.ico
UninstallDisplayIcon={app}\{#Program}
OutputDir=..\..\dist
OutputBaseFilename=mma-desktop-{#Version}-setup
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes

[Files]
Source: "..\..\dist\mma-desktop\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\{#App}"; Filename: "{app}\{#Program}"
Name: "{group}\Sample project"; Filename: "{app}\{#Program}"; Parameters: "sample"
Name: "{autodesktop}\{#App}"; Filename: "{app}\{#Program}"; Tasks: desktop

[Tasks]
Name: desktop; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Registry]
Root: HKA; Subkey: "Software\Classes\Directory\shell\mma-desktop"; ValueType: string; ValueData: "Open with {#App}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Directory\shell\mma-desktop"; ValueType: string; ValueName: "AppliesTo"; ValueData: "System.FileName:~>"".mma"""
Root: HKA; Subkey: "Software\Classes\Directory\shell\mma-desktop"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\{#Program}"
Root: HKA; Subkey: "Software\Classes\Directory\shell\mma-desktop\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,{#App}}"; Flags: nowait postinstall skipifsilent
