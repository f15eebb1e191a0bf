; The program registers polevik:// links for its user at its first start; they go when it goes.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    DeleteRegKey HKCU "Software\Classes\polevik"
  ${endIf}
!macroend
